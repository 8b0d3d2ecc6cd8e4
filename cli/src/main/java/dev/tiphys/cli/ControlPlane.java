package dev.tiphys.cli;

import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.cli.data.DataDirectory;
import dev.tiphys.cli.data.LeaderIdentity;
import dev.tiphys.cli.machine.Ports;
import dev.tiphys.cli.options.NetworkOption;
import dev.tiphys.cli.options.SchedulerFile;
import dev.tiphys.cli.roles.AdapterRole;
import dev.tiphys.cli.roles.ApiServerRole;
import dev.tiphys.cli.roles.Closeables;
import dev.tiphys.cli.roles.EdgeRole;
import dev.tiphys.cli.roles.Leading;
import dev.tiphys.cli.roles.LedPart;
import dev.tiphys.cli.roles.LeftParts;
import dev.tiphys.cli.roles.MonitoringRole;
import dev.tiphys.cli.roles.WorkingScheduler;
import dev.tiphys.cli.why.WhyDocuments;
import dev.tiphys.cli.why.WhyMonitors;
import dev.tiphys.cli.why.WhySecrets;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.features.FeatureGates;
import dev.tiphys.client.leader.ElectionSettings;
import dev.tiphys.client.leader.Leavable;
import dev.tiphys.client.leader.Term;
import dev.tiphys.controllers.ControllerManager;
import dev.tiphys.controllers.ControllerMetrics;
import dev.tiphys.controllers.ControllerSettings;
import dev.tiphys.controllers.HostPathDeleter;
import dev.tiphys.controllers.PodRanges;
import dev.tiphys.delivery.Rollouts;
import dev.tiphys.monitoring.Monitoring;
import dev.tiphys.monitoring.MonitoringSettings;
import dev.tiphys.network.loadbalancer.LoadBalancerController;
import dev.tiphys.scheduler.Scheduler;
import dev.tiphys.scheduler.config.SchedulerConfiguration;
import dev.tiphys.secrets.ExternalSecrets;
import dev.tiphys.secrets.model.Review;
import dev.tiphys.storage.host.Trees;
import dev.tiphys.world.World;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The controllers and the scheduler beside an API server, and what else works in one process of a
/// cluster at a time.
final class ControlPlane {

  private final World world;
  private final ApiServerRole server;
  private final Closeables running;
  private final LeftParts left;
  private final List<String> podRanges;
  private final Supplier<@Nullable EdgeRole> edge;

  /// @param running closes what is started
  /// @param left which parts are left to others
  /// @param edge what has ports of this machine; null if nothing does yet
  ControlPlane(
      World world,
      ApiServerRole server,
      Closeables running,
      LeftParts left,
      List<String> podRanges,
      Supplier<@Nullable EdgeRole> edge) {
    this.world = world;
    this.server = server;
    this.running = running;
    this.left = left;
    this.podRanges = podRanges;
    this.edge = edge;
  }

  /// Starts them.
  void start(UpOptions options, DataDirectory data) {
    SchedulerConfiguration scheduler =
        SchedulerFile.read(options.schedulerConfig, options.server.features.gates());
    String identity = LeaderIdentity.of(world, data);
    Api controllerApi = server.controllerApi(ControllerManager.PROGRAM, ControllerManager.PROGRAM);
    ControllerMetrics counts = new ControllerMetrics(world);
    HostPathDeleter hostPaths =
        options.node == UpOptions.NodeKind.CONTAINERD
            ? path -> Trees.deleteInPlace(Path.of(path))
            : HostPathDeleter.NOTHING;
    Leading controllers =
        running.add(
            Leading.start(
                world,
                controllerApi,
                Optional.of(ElectionSettings.of(ControllerManager.PROGRAM, identity)),
                new Leading.Parts(
                    ControllerManager.PROGRAM,
                    term ->
                        counts.during(
                            () ->
                                controllers(
                                    term, counts, hostPaths, options.server.features.gates())))));
    Api schedulerApi = server.api(UserInfo.SCHEDULER, "default-scheduler", Scheduler.PROGRAM);
    SchedulerFile.require(scheduler, world, schedulerApi);
    WorkingScheduler working = new WorkingScheduler(world, schedulerApi, scheduler);
    Leading scheduling =
        running.add(
            Leading.start(
                world,
                schedulerApi,
                scheduler.leaderElection().elects()
                    ? Optional.of(SchedulerFile.election(scheduler, identity))
                    : Optional.empty(),
                new Leading.Parts(scheduler.profiles().getFirst().scheduler(), working::begin)));
    List<Leading> leading = new ArrayList<>(List.of(controllers, scheduling));
    if (options.network.has(NetworkOption.Part.LOADBALANCER)) {
      leading.add(balancing(options.network, identity));
    }
    if (options.network.has(NetworkOption.Part.ROLLOUTS)) {
      LedPart<Rollouts> rollouts =
          led(Rollouts.NAME, Rollouts.USER, Rollouts.LEASE, identity, Rollouts::start);
      leading.add(rollouts.leading());
      server.tellToo(out -> rollouts.with(part -> part.write(out)));
    }
    if (options.network.has(NetworkOption.Part.SECRETS)) {
      LedPart<ExternalSecrets> secrets =
          led(
              ExternalSecrets.NAME,
              ExternalSecrets.USER,
              ExternalSecrets.LEASE,
              identity,
              ExternalSecrets::start);
      leading.add(secrets.leading());
      server.tellToo(out -> secrets.with(part -> part.write(out)));
      server.answerToo(new WhySecrets(secrets));
      for (Review each : ExternalSecrets.reviews()) {
        ApiResource resource = each.resource();
        server.reviewToo(
            each.webhook(),
            resource.groupVersion().group(),
            resource.plural(),
            object -> secrets.leftTo().isEmpty() ? each.refusal().apply(object) : "");
      }
    }
    if (options.network.has(NetworkOption.Part.MONITORING)) {
      leading.add(monitoring(options, data, identity));
    }
    server.tellToo(
        out -> {
          counts.write(out);
          Leading.write(out, leading);
          working.write(out);
        });
    server.answerToo(new WhyDocuments(server.api("tiphys"), working::why));
    server.answerToo(left);
  }

  /// Keeps Prometheus, in one process at a time.
  private Leading monitoring(UpOptions options, DataDirectory data, String identity) {
    MonitoringSettings settings =
        MonitoringRole.settings(data, server, options.monitoring.programs());
    LedPart<Monitoring> part =
        led(
            Monitoring.NAME,
            Monitoring.USER,
            Monitoring.LEASE,
            identity,
            (current, api) -> Monitoring.start(current, api, settings));
    server.answerToo(new WhyMonitors(part));
    MonitoringRole role = new MonitoringRole(part);
    server.answerToo(role);
    server.passOnToo(role::isServed);
    running.add(AdapterRole.start(world, server, role::address));
    return part.leading();
  }

  /// Starts a part that works in one process at a time, and that may be left to another program.
  private <P extends Leavable> LedPart<P> led(
      String name, String user, String lease, String identity, BiFunction<World, Api, P> part) {
    Api api = server.api(UserInfo.of(user, UserInfo.AUTHENTICATED), name, name);
    ElectionSettings election = ElectionSettings.of(lease, identity);
    LedPart<P> started = running.add(LedPart.start(world, api, election, name, part));
    left.add(name, started::leftTo);
    return started;
  }

  private ControllerManager controllers(
      Term term, ControllerMetrics counts, HostPathDeleter hostPaths, FeatureGates gates) {
    ControllerManager manager =
        new ControllerManager(
            world,
            name -> term.fenced(server.controllerApi(name, ControllerManager.managerOf(name))),
            ControllerSettings.DEFAULT
                .withRootCertificates(server.admin().authority())
                .withPodRanges(PodRanges.DEFAULT.of(podRanges))
                .withSigning(server.signing())
                .withHostPaths(hostPaths)
                .withFeatures(gates),
            counts);
    manager.start();
    return manager;
  }

  /// Gives Services of type LoadBalancer their addresses, in one process at a time.
  private Leading balancing(NetworkOption network, String identity) {
    String name = LoadBalancerController.NAME;
    return running.add(
        Leading.start(
            world,
            server.controllerApi(name, name),
            Optional.of(ElectionSettings.of(LoadBalancerController.LEASE, identity)),
            new Leading.Parts(
                name,
                term -> {
                  LoadBalancerController controller =
                      new LoadBalancerController(
                          world,
                          term.fenced(server.controllerApi(name, name)),
                          network.pool(),
                          new PortsOfNode(),
                          network.local());
                  controller.start();
                  return controller;
                })));
  }

  /// The ports of this machine.
  private final class PortsOfNode implements LoadBalancerController.PortsInUse {
    @Override
    public String user(String protocol, int port) {
      return Ports.user(protocol, port);
    }

    @Override
    public boolean isOwn(String protocol, int port) {
      EdgeRole served = edge.get();
      return served != null && !protocol.equals("UDP") && served.isAtNode(port);
    }
  }
}
