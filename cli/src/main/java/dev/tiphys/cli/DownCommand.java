package dev.tiphys.cli;

import dev.tiphys.cli.data.DataDirectory;
import dev.tiphys.cli.data.RunningCluster;
import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.options.DataOption;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `tiphys down`
@Command(
    name = "down",
    description = "Stops the cluster. Its data stays, and its containers go on.",
    mixinStandardHelpOptions = true)
final class DownCommand implements Runnable {

  private static final int PATIENCE_SECONDS = 30;

  @Mixin private DataOption data = new DataOption();

  @Override
  public void run() {
    DataDirectory directory = data.directory();
    Optional<ProcessHandle> process = RunningCluster.find(directory);
    if (process.isEmpty()) {
      System.out.println("No cluster runs in " + directory.path() + ".");
      return;
    }
    stop(process.get());
    System.out.println("The cluster in " + directory.path() + " has stopped.");
  }

  static void stop(ProcessHandle process) {
    process.destroy();
    try {
      process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new CliException(
          "the process " + process.pid() + " does not stop; end it with kill -9 " + process.pid(),
          e);
    } catch (ExecutionException e) {
      throw new CliException("cannot wait for the process " + process.pid(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
