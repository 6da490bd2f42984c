package dev.qmp.transport;

class NioSshTckTest extends SshTck {

    @Override
    TransportKind kind() {
        return TransportKind.NIO;
    }
}
