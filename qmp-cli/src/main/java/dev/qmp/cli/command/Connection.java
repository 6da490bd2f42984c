package dev.qmp.cli.command;

import dev.qmp.QmpClient;
import dev.qmp.QmpClientOptions;
import dev.qmp.cli.render.Traffic;
import dev.qmp.transport.QmpAddress;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A client for a TARGET, with the traffic shown and recorded as the user asked. */
final class Connection implements AutoCloseable {

    private final QmpClient client;
    private final @Nullable Traffic traffic;

    private Connection(QmpClient client, @Nullable Traffic traffic) {
        this.client = client;
        this.traffic = traffic;
    }

    static Connection open(QmpRoot root, String target) throws InterruptedException, IOException {
        Targets.Place place = Targets.find(target, root.context);
        if (place.address() instanceof QmpAddress.Tcp && root.options.wantsTls()) {
            throw new UsageException(
                    "--tls-… is of no use with " + place.address() + ": that connection is not encrypted",
                    "write tls: instead of tcp:, if QEMU has tls-creds there");
        }
        QmpClientOptions.Builder options = root.options.clientOptions().ssh(Targets.ssh(root.context));
        CacheFolder.of(root.context.environment()).ifPresent(folder -> options.schemaCache(folder.resolve("schema")));
        Traffic traffic = null;
        if (root.options.trace || root.options.record != null) {
            traffic = new Traffic(root.options.trace ? root.context.console() : null, root.options.record);
            options.trafficListener(traffic);
        }
        try {
            CompletionStage<QmpClient> connecting = QmpClient.connect(place.address(), options.build());
            QmpClient client = TargetCommand.await(connecting);
            try {
                place.check(client);
            } catch (RuntimeException e) {
                client.close();
                throw e;
            }
            return new Connection(client, traffic);
        } catch (RuntimeException | InterruptedException e) {
            if (traffic != null) {
                traffic.close();
            }
            throw e;
        }
    }

    QmpClient client() {
        return client;
    }

    @Override
    public void close() throws IOException {
        client.close();
        if (traffic != null) {
            traffic.close();
        }
    }
}
