package dev.tiphys.cli;

import dev.tiphys.cli.data.DataDirectory;
import dev.tiphys.cli.data.EncryptionFile;
import dev.tiphys.cli.data.LeaderIdentity;
import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.options.DataOption;
import dev.tiphys.cli.options.EncryptionOptions;
import dev.tiphys.store.StoreException;
import dev.tiphys.store.embedded.Seed;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `tiphys fork`
@Command(
    name = "fork",
    description =
        "Starts a second cluster that begins with the objects of a running one, as they are or as they were. It has"
            + " credentials, an address and a future of its own; the first cluster notices nothing.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ForkCommand implements Callable<Integer> {

  @Mixin private DataOption data = new DataOption();

  @Option(
      names = "--at",
      paramLabel = "WHEN",
      description =
          "A revision, a time such as 2026-01-01T12:00:00Z, or a span before now such as -5m. Default: now.")
  private String at = "";

  @Option(
      names = "--to",
      paramLabel = "DIR",
      required = true,
      description = "Where the new cluster keeps its data: a directory that is not there yet.")
  private Path to = Path.of("");

  @Mixin private EncryptionOptions encryption = new EncryptionOptions();

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Where its API server listens. Default: any free port.")
  private int port;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description =
          "Where its administrator's kubeconfig is written. Default: admin.kubeconfig in DIR.")
  private @Nullable Path kubeconfig;

  @Option(
      names = "--node",
      paramLabel = "KIND",
      description = "Its node: 'none', 'simulated' or 'containerd'. Default: ${DEFAULT-VALUE}.")
  private UpOptions.NodeKind node = UpOptions.NodeKind.NONE;

  @Option(
      names = "--detach",
      description = "Return once the cluster is ready, and leave it running.")
  private boolean detach;

  @Override
  public Integer call() throws InterruptedException {
    if (!DetachedCluster.isThis()) {
      plant();
    }
    return UpCommand.start(options());
  }

  private void plant() {
    World world = new RealWorld();
    long begin = world.nanoTime();
    byte[] content = AdminApi.of(data.directory()).bytes(at.isEmpty() ? "/fork" : "/fork/" + at);
    try {
      DataDirectory fork = DataDirectory.make(to);
      long revision = Seed.plant(new ByteArrayInputStream(content), fork.store());
      EncryptionFile.copy(data.directory(), fork);
      LeaderIdentity.copy(data.directory(), fork);
      System.out.printf(
          Locale.ROOT,
          "  forked at revision %d: %,d KB in %d ms%n",
          revision,
          content.length / 1024,
          (world.nanoTime() - begin) / 1_000_000);
    } catch (StoreException e) {
      throw new CliException("cannot begin a cluster in " + to + ": " + e.getMessage(), e);
    }
  }

  private UpOptions options() {
    UpOptions options = new UpOptions();
    options.server.dataDirectory = to;
    options.server.port = port;
    options.server.kubeconfig =
        kubeconfig == null ? DataDirectory.of(to).adminKubeconfig() : kubeconfig;
    options.server.encryption = encryption;
    options.node = node;
    options.detach = detach;
    return options;
  }
}
