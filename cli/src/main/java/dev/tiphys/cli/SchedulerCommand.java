package dev.tiphys.cli;

import dev.tiphys.cli.options.ServerOption;
import dev.tiphys.client.http.HttpApi;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.scheduler.Scheduler;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `tiphys scheduler`
@Command(
    name = "scheduler",
    description = "Runs the scheduler against an API server, and nothing else of a cluster.",
    mixinStandardHelpOptions = true)
final class SchedulerCommand implements Runnable {

  @Mixin private ServerOption server = new ServerOption();

  @Override
  public void run() {
    Kubeconfig.Access access = server.access();
    World world = new RealWorld();
    HttpApi api = new HttpApi(world, access, Scheduler.PROGRAM);
    ServerOption.require(api, access);
    try (Closeables running = new Closeables()) {
      running.add(new Scheduler(world, api)).start();
      System.out.println("The scheduler works with " + access.server() + ".");
      running.awaitEnd();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
