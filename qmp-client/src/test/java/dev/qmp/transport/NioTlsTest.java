package dev.qmp.transport;

class NioTlsTest extends TlsContract {

    @Override
    TransportKind kind() {
        return TransportKind.NIO;
    }
}
