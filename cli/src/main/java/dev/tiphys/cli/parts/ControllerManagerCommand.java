package dev.tiphys.cli.parts;

import dev.tiphys.cli.data.LeaderIdentity;
import dev.tiphys.cli.features.FeatureOptions;
import dev.tiphys.cli.options.LeaderElectionOptions;
import dev.tiphys.cli.options.PartPageOptions;
import dev.tiphys.cli.options.PodRangeOption;
import dev.tiphys.cli.options.ServerOption;
import dev.tiphys.cli.options.SigningOptions;
import dev.tiphys.cli.roles.Closeables;
import dev.tiphys.cli.roles.Leading;
import dev.tiphys.cli.roles.PartPages;
import dev.tiphys.client.http.HttpApi;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.client.http.RequestMetrics;
import dev.tiphys.client.leader.ElectionSettings;
import dev.tiphys.controllers.ControllerManager;
import dev.tiphys.controllers.ControllerMetrics;
import dev.tiphys.controllers.ControllerSettings;
import dev.tiphys.storage.host.Trees;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `tiphys controller-manager`
@Command(
    name = "controller-manager",
    description = "Runs the controllers against an API server, and nothing else of a cluster.",
    mixinStandardHelpOptions = true)
public final class ControllerManagerCommand implements Runnable {

  @Mixin private ServerOption server = new ServerOption();
  @Mixin private PodRangeOption podRange = new PodRangeOption();
  @Mixin private SigningOptions signing = new SigningOptions();
  @Mixin private PartPageOptions pages = new PartPageOptions();
  @Mixin private FeatureOptions features = new FeatureOptions();
  @Mixin private LeaderElectionOptions election = new LeaderElectionOptions();

  /// The API for a controller, with the rights of its service account; the program may act as
  /// these, and shares what it only reads.
  private static HttpApi of(
      String name, HttpApi shared, Kubeconfig.Access access, World world, RequestMetrics requests) {
    return name.equals(ControllerManager.PROGRAM)
        ? shared
        : new HttpApi(
            world, access.actingAs("system:serviceaccount:kube-system:" + name), name, requests);
  }

  @Override
  public void run() {
    Kubeconfig.Access access = server.access();
    World world = new RealWorld();
    RequestMetrics requests = new RequestMetrics();
    HttpApi api = new HttpApi(world, access, ControllerManager.PROGRAM, requests);
    ServerOption.require(api, access);
    Optional<ElectionSettings> settings =
        election.settings(
            true, ElectionSettings.of(ControllerManager.PROGRAM, LeaderIdentity.fresh(world)));
    ControllerSettings controllers =
        ControllerSettings.DEFAULT
            .withRootCertificates(access.authority())
            .withPodRanges(podRange.ranges())
            .withSigning(signing.settings(world))
            .withHostPaths(path -> Trees.delete(Path.of(path)))
            .withFeatures(features.gates());
    ControllerMetrics counts = new ControllerMetrics(world);
    Leading.Parts parts =
        new Leading.Parts(
            ControllerManager.PROGRAM,
            term -> {
              ControllerManager manager =
                  counts.during(
                      () ->
                          new ControllerManager(
                              world,
                              name -> term.fenced(of(name, api, access, world, requests)),
                              controllers,
                              counts));
              manager.start();
              return manager;
            });
    try (Closeables running = new Closeables()) {
      Leading leading = running.add(Leading.start(world, api, settings, parts));
      pages
          .start(
              world,
              api,
              PartPages.CONTROLLER_MANAGER,
              leading,
              out -> {
                controllers.gates().write(out);
                counts.write(out);
                requests.write(out);
              },
              _ -> Optional.empty())
          .ifPresent(running::add);
      System.out.println("The controllers work with " + access.server() + ".");
      running.awaitEnd();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
