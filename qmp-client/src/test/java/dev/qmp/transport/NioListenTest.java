package dev.qmp.transport;

class NioListenTest extends ListenContract {

    @Override
    TransportKind kind() {
        return TransportKind.NIO;
    }
}
