package dev.tiphys.cli;

import dev.tiphys.cli.data.AdminKubeconfig;
import dev.tiphys.cli.data.DataDirectory;
import dev.tiphys.cli.data.DataLock;
import dev.tiphys.cli.data.RunningCluster;
import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.machine.HostRequirements;
import dev.tiphys.cli.options.DataOption;
import dev.tiphys.cli.roles.ContainerMachinery;
import dev.tiphys.storage.LocalStorage;
import dev.tiphys.storage.host.Trees;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.io.IOException;
import java.nio.file.Files;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `tiphys reset`
@Command(
    name = "reset",
    description = "Stops the cluster and removes everything of it: containers, images, data.",
    mixinStandardHelpOptions = true)
final class ResetCommand implements Runnable {

  @Mixin private DataOption data = new DataOption();

  @Override
  public void run() {
    DataDirectory directory = data.directory();
    if (!Files.exists(directory.path())) {
      System.out.println("There is no cluster in " + directory.path() + ".");
      return;
    }
    if (!directory.isOurs()) {
      throw new CliException(
          directory.path() + " is no data directory of Tiphys; remove it yourself if you mean it");
    }
    RunningCluster.find(directory).ifPresent(DownCommand::stop);
    try (DataLock _ = DataLock.take(directory)) {
      if (HostRequirements.isRoot()) {
        World world = new RealWorld();
        ContainerMachinery.clear(world, directory);
        LocalStorage.clear(world, directory.path());
      }
      AdminKubeconfig.forget(directory);
      Trees.delete(directory.path()); // never through what is mounted
    } catch (IOException e) {
      throw new CliException(
          "cannot remove %s: %s; run it again".formatted(directory.path(), e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException("interrupted; run it again", e);
    }
    System.out.println("The cluster in " + directory.path() + " is gone.");
  }
}
