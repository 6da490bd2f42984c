package dev.qmp.transport;

class NioLinkTest extends LinkContract {

    @Override
    TransportKind kind() {
        return TransportKind.NIO;
    }
}
