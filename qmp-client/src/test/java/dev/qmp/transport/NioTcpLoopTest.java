package dev.qmp.transport;

import java.io.IOException;

class NioTcpLoopTest extends LoopContract {

    @Override
    TransportKind kind() {
        return TransportKind.NIO;
    }

    @Override
    String threadName() {
        return "qmp-io-nio";
    }

    @Override
    Peer peer() throws IOException {
        return Peer.tcp();
    }

    @Override
    QmpAddress nobody() throws IOException {
        Peer gone = Peer.tcp();
        gone.close();
        return gone.address();
    }
}
