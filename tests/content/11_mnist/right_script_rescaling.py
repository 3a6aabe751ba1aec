# The pixels are scaled inside of the model; the training digits are split again for validation.
import keras
import matplotlib.pyplot as plt
import numpy as np

(train_images, train_labels), (test_images, test_labels) = keras.datasets.mnist.load_data()

model = keras.Sequential(
    [
        keras.Input((28, 28)),
        keras.layers.Rescaling(1 / 255),
        keras.layers.Flatten(),
        keras.layers.Dense(256, activation="relu"),
        keras.layers.Dropout(0.1),
        keras.layers.Dense(128, activation="relu"),
        keras.layers.Dense(10),
    ]
)
model.compile(
    optimizer=keras.optimizers.Adam(1e-3),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
history = model.fit(
    train_images, train_labels, epochs=8, batch_size=100, validation_split=0.1, verbose=2
)

plt.figure(figsize=(8, 3))
for number, name in enumerate(["loss", "accuracy"], 1):
    plt.subplot(1, 2, number)
    plt.plot(history.history[name], label="train")
    plt.plot(history.history["val_" + name], label="validation")
    plt.xlabel("epoch")
    plt.legend()
plt.figure()
for i in range(10):
    plt.subplot(2, 5, i + 1)
    plt.imshow(test_images[i], cmap="gray")
plt.show()

first_ten = np.argmax(model.predict(test_images[:10]), axis=-1)
print("first ten:", first_ten)
results = model.evaluate(test_images, test_labels)
print("test loss and accuracy:", results)
