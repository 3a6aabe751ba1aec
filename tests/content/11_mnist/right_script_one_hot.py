# Flattened pictures, one-hot labels, another name for the history, everything said in print.
import matplotlib.pyplot as plt
from tensorflow import keras
from tensorflow.keras.utils import to_categorical

(X, t), (X_test, t_test) = keras.datasets.mnist.load_data()
n = X.shape[0]
X = X.reshape(n, -1).astype("float32") / 255
X_test = X_test.reshape(-1, 28 * 28).astype("float32") / 255
T = to_categorical(t)
T_test = to_categorical(t_test)

net = keras.Sequential()
net.add(keras.layers.Dense(128, input_dim=784))
net.add(keras.layers.Activation("relu"))
net.add(keras.layers.Dense(64, activation="relu"))
net.add(keras.layers.Dense(10))
net.add(keras.layers.Activation("softmax"))
net.compile("adam", "categorical_crossentropy", metrics=["acc"])
h = net.fit(X, T, batch_size=100, epochs=8, verbose=0, validation_data=(X_test, T_test))

fig, (a, b) = plt.subplots(1, 2)
a.plot(h.history["loss"], label="loss")
a.plot(h.history["val_loss"], label="val_loss")
b.plot(h.history["acc"], label="acc")
b.plot(h.history["val_acc"], label="val_acc")
a.legend()
b.legend()
plt.show()

for i in range(10):
    guess = net.predict(X_test[i : i + 1], verbose=0).argmax()
    print(f"picture {i}: predicted {guess}, right {t_test[i]}")
print("accuracy on the test digits: %.2f %%" % (100 * net.evaluate(X_test, T_test, verbose=0)[1]))
