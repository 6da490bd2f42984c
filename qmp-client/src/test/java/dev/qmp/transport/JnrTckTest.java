package dev.qmp.transport;

class JnrTckTest extends TransportTck {

    @Override
    TransportKind kind() {
        return TransportKind.JNR;
    }
}
