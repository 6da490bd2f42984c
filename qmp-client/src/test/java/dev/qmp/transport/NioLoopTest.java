package dev.qmp.transport;

class NioLoopTest extends LoopContract {

    @Override
    TransportKind kind() {
        return TransportKind.NIO;
    }

    @Override
    String threadName() {
        return "qmp-io-nio";
    }
}
