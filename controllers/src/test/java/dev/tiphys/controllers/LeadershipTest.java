package dev.tiphys.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.PatchType;
import dev.tiphys.client.leader.ElectionSettings;
import dev.tiphys.client.leader.LeaderElection;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.VirtualWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/// Several controller managers of one cluster, of which one works.
class LeadershipTest {

  private static final Logger LOG = Logger.getLogger("dev.tiphys");

  static {
    LOG.setLevel(Level.SEVERE); // faults are meant
  }

  private static final class Cluster implements AutoCloseable {
    final VirtualWorld world;
    final ApiServer server;
    final Api api;
    final List<LeaderElection> candidates = new ArrayList<>();
    int atWork;

    Cluster(long seed) {
      world = new VirtualWorld(seed);
      server =
          new ApiServer(
              EmbeddedStore.inMemory(world),
              world,
              ApiServerSettings.standard().withoutPlugins("ServiceAccount"));
      server.defaults(new ApiServerAddress("10.0.0.1", 6443, "10.96.0.1")).ensure();
      api = server.api("tester");
    }

    LeaderElection candidate(String identity, Faults faults) {
      LeaderElection made =
          new LeaderElection(
              world,
              faults.between(
                  world,
                  server.controllerApi(ControllerManager.PROGRAM, ControllerManager.PROGRAM)),
              ElectionSettings.of(ControllerManager.PROGRAM, identity),
              ControllerManager.PROGRAM,
              term -> {
                assertThat(++atWork).as("controller managers at work").isEqualTo(1);
                ControllerManager manager =
                    new ControllerManager(
                        world,
                        name ->
                            term.fenced(
                                faults.between(
                                    world,
                                    server.controllerApi(name, ControllerManager.managerOf(name)))),
                        ControllerSettings.DEFAULT);
                manager.start();
                return () -> {
                  manager.close();
                  atWork--;
                };
              });
      candidates.add(made);
      return made.start();
    }

    /// How many tasks of each name run.
    List<String> tasks() {
      return world.supervisor().reports().stream()
          .map(SupervisedTask.Report::name)
          .sorted()
          .toList();
    }

    List<String> pods() {
      return api.list(ApiResource.PODS, "default", ListOptions.ALL).items().stream()
          .map(pod -> Meta.of(pod).name())
          .toList();
    }

    void scale(long replicas) {
      api.patch(
          ApiResource.DEPLOYMENTS,
          "default",
          "web",
          "",
          PatchType.STRATEGIC,
          Struct.of("spec", Struct.of("replicas", replicas)));
    }

    @Override
    public void close() {
      candidates.forEach(LeaderElection::close);
      server.close();
      world.settle();
    }
  }

  @Test
  void nothing_of_a_controller_manager_is_left_when_it_has_ended_and_another_one_can_begin() {
    try (Cluster cluster = new Cluster(1)) {
      cluster.world.settle();
      List<String> before = cluster.tasks();
      for (int i = 0; i < 3; i++) {
        LeaderElection leader = cluster.candidate("one", Faults.NONE);
        cluster.world.advance(Duration.ofSeconds(40));
        assertThat(leader.isLeading()).isTrue();
        assertThat(new TreeSet<>(cluster.tasks())).hasSizeGreaterThan(30);
        leader.close();
        cluster.world.settle();
        assertThat(cluster.tasks()).isEqualTo(before);
      }
    }
  }

  @Test
  void upstreams_rights_of_a_controller_manager_suffice_to_elect_one_and_to_say_so() {
    try (Cluster cluster = new Cluster(2)) {
      cluster.candidate("one", Faults.NONE);
      cluster.world.advance(Duration.ofSeconds(30));
      Struct lease = cluster.api.get(ApiResource.LEASES, "kube-system", "kube-controller-manager");
      assertThat(lease.string("spec", "holderIdentity")).isEqualTo("one");
      assertThat(lease.string("spec", "renewTime")).isEqualTo("2026-01-01T00:00:30.000000Z");
      cluster.candidates.getFirst().close();
      assertThat(
              cluster.api.list(ApiResource.EVENTS, "kube-system", ListOptions.ALL).items().stream()
                  .filter(event -> event.string("involvedObject", "kind").equals("Lease"))
                  .map(
                      event ->
                          event.string("source", "component")
                              + " "
                              + event.string("reason")
                              + ": "
                              + event.string("message")))
          .containsExactlyInAnyOrder(
              "kube-controller-manager LeaderElection: one became leader",
              "kube-controller-manager LeaderElection: one stopped leading");
    }
  }

  @Seeds(8)
  void work_goes_on_whichever_of_them_leads(long seed) {
    SplittableRandom choices = new SplittableRandom(seed);
    try (Cluster cluster = new Cluster(seed)) {
      Faults faults = new Faults(0.1, 0.1);
      for (int i = 0; i < 3; i++) {
        cluster.candidate("candidate-" + i, faults);
      }
      cluster.api.create(
          ApiResource.DEPLOYMENTS,
          Yaml.struct(
              """
              apiVersion: apps/v1
              kind: Deployment
              metadata: {name: web, namespace: default}
              spec:
                replicas: 3
                selector: {matchLabels: {app: web}}
                template:
                  metadata: {labels: {app: web}}
                  spec: {containers: [{name: main, image: "web:1"}]}
              """));
      for (int i = 3; i < 9; i++) {
        long replicas = choices.nextInt(8);
        cluster.scale(replicas);
        cluster.world.advance(Duration.ofMillis(choices.nextInt(30_000)));
        cluster.candidates.remove(choices.nextInt(cluster.candidates.size())).close();
        cluster.candidate("candidate-" + i, faults);
      }
      cluster.scale(5);
      cluster.world.advance(Duration.ofMinutes(2));
      assertThat(cluster.pods()).hasSize(5);
      assertThat(cluster.candidates.stream().filter(LeaderElection::isLeading)).hasSize(1);
    }
  }
}
