// The web socket: orders go out as JSON; texts and frames come in.

export function connect(heard, lost) {
  const address = new URL("ws", location.href);
  address.protocol = "ws:";
  address.hash = "";
  const socket = new WebSocket(address);
  socket.binaryType = "arraybuffer";
  socket.onmessage = ({ data }) => heard(typeof data === "string" ? JSON.parse(data) : unpack(data));
  socket.onclose = ({ code }) => lost(code);
  const waiting = [];
  socket.onopen = () => waiting.splice(0).forEach((each) => socket.send(each));
  return (order) => {
    const said = JSON.stringify(order);
    if (socket.readyState === WebSocket.CONNECTING) waiting.push(said);
    else if (socket.readyState === WebSocket.OPEN) socket.send(said);
  };
}

// The head's length, the head, and of each surface one byte a place.
function unpack(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  return { ...head, surfaces: new Int8Array(buffer, 4 + length) };
}
