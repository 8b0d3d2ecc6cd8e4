package dev.tiphys.cli.parts;

import dev.tiphys.apiserver.http.Health;
import dev.tiphys.cli.data.AdminKubeconfig;
import dev.tiphys.cli.data.Certificates;
import dev.tiphys.cli.data.DataDirectory;
import dev.tiphys.cli.data.DataLock;
import dev.tiphys.cli.data.PartKubeconfigs;
import dev.tiphys.cli.machine.HostName;
import dev.tiphys.cli.machine.Ports;
import dev.tiphys.cli.options.ApiServerOptions;
import dev.tiphys.cli.roles.ApiServerRole;
import dev.tiphys.cli.roles.Closeables;
import dev.tiphys.store.Store;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `tiphys apiserver`
@Command(
    name = "apiserver",
    description = "Runs an API server, and nothing else of a cluster.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class ApiServerCommand implements Runnable {

  @Mixin private ApiServerOptions options = new ApiServerOptions();

  @Override
  public void run() {
    DataLock.requireFree(DataDirectory.of(options.dataDirectory));
    Ports.requireFree(options.port, "--port");
    World world = new RealWorld();
    try (Closeables running = new Closeables()) {
      DataDirectory data = DataDirectory.make(options.dataDirectory);
      running.add(DataLock.take(data));
      Store store = running.add(options.store.open(data, world));
      ApiServerRole server =
          running.add(
              ApiServerRole.start(
                  world,
                  store,
                  new Certificates(world, data.pki()),
                  options.settings(options.encryption.choice(data)),
                  new Health()));
      Path kubeconfig = AdminKubeconfig.write(server.admin(), data, options.kubeconfig);
      server.onRenewedAdmin(next -> AdminKubeconfig.renew(next, data, kubeconfig));
      PartKubeconfigs.write(server::client, data, HostName.find());
      System.out.println("The API server is ready at " + server.admin().server() + ".");
      running.awaitEnd();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
