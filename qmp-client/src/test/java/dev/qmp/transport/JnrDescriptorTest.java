package dev.qmp.transport;

class JnrDescriptorTest extends DescriptorContract {

    @Override
    TransportKind kind() {
        return TransportKind.JNR;
    }
}
