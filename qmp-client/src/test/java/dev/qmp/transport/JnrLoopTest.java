package dev.qmp.transport;

class JnrLoopTest extends LoopContract {

    @Override
    TransportKind kind() {
        return TransportKind.JNR;
    }

    @Override
    String threadName() {
        return "qmp-io-jnr";
    }
}
