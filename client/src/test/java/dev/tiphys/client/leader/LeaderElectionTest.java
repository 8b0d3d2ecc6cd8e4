package dev.tiphys.client.leader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.VirtualWorld;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaderElectionTest {

  private static final String LEASE = "kube-scheduler";
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final VirtualWorld world = new VirtualWorld(1);
  private final LeaseServer server = new LeaseServer();

  /// What was made and closed, in order.
  private final List<String> work = new ArrayList<>();

  private final List<Term> terms = new ArrayList<>();

  private LeaderElection candidate(String identity) {
    return candidate(identity, server);
  }

  private LeaderElection candidate(String identity, Api api) {
    return new LeaderElection(
        world,
        api,
        ElectionSettings.of(LEASE, identity),
        "default-scheduler",
        term -> {
          work.add(identity + " begins");
          terms.add(term);
          return () -> work.add(identity + " ends");
        });
  }

  private Struct spec() {
    return server.lease(LEASE).struct("spec");
  }

  private void holds(String holder, Instant renewed) {
    ElectionSettings settings = ElectionSettings.of(LEASE, holder);
    Struct lease =
        Struct.of("metadata", Struct.of("name", LEASE, "namespace", "kube-system"))
            .with("spec", new LeaseSpec(Struct.EMPTY).heldBy(settings, renewed).spec());
    if (server.find(ApiResource.LEASES, "kube-system", LEASE) == null) {
      server.create(ApiResource.LEASES, lease);
    } else {
      server.update(ApiResource.LEASES, lease);
    }
  }

  @Test
  void a_free_lease_is_had_at_once_and_says_so() {
    try (LeaderElection a = candidate("a").start()) {
      world.settle();
      assertThat(a.isLeading()).isTrue();
      assertThat(spec())
          .isEqualTo(
              Struct.of("holderIdentity", "a", "leaseDurationSeconds", 15L)
                  .with("acquireTime", "2026-01-01T00:00:00.000000Z")
                  .with("renewTime", "2026-01-01T00:00:00.000000Z")
                  .with("leaseTransitions", 0L));
      assertThat(server.events).containsExactly("LeaderElection: a became leader");
      world.advance(SECOND.multipliedBy(5));
      assertThat(spec().string("acquireTime")).isEqualTo("2026-01-01T00:00:00.000000Z");
      assertThat(spec().string("renewTime")).isEqualTo("2026-01-01T00:00:04.000000Z");
    }
    assertThat(work).containsExactly("a begins", "a ends");
  }

  @Test
  void a_lease_that_is_given_up_is_taken_by_the_next_try_of_another() {
    LeaderElection a = candidate("a").start();
    world.settle();
    LeaderElection b = candidate("b").start();
    world.advance(Duration.ofMinutes(1));
    assertThat(work).containsExactly("a begins");
    a.close();
    assertThat(spec().string("holderIdentity")).isEmpty();
    assertThat(spec().integer("leaseDurationSeconds")).isEqualTo(1);
    assertThat(server.events).contains("LeaderElection: a stopped leading");
    world.advance(Duration.ofMillis(4400)); // the retry period, with all of its jitter
    assertThat(work).containsExactly("a begins", "a ends", "b begins");
    assertThat(spec().integer("leaseTransitions")).isEqualTo(1);
    b.close();
  }

  @Test
  void a_lease_that_names_the_candidate_is_had_at_once() {
    holds("a", world.now());
    try (LeaderElection a = candidate("a").start()) {
      world.settle();
      assertThat(a.isLeading()).isTrue();
      assertThat(spec().integer("leaseTransitions")).isZero();
    }
  }

  @Test
  void a_holder_with_a_wrong_clock_is_never_taken_for_dead() {
    holds("far", world.now().minus(Duration.ofHours(2)));
    try (LeaderElection a = candidate("a").start()) {
      for (int i = 0; i < 300; i++) {
        world.advance(SECOND.multipliedBy(2));
        holds("far", world.now().minus(Duration.ofHours(2)));
      }
      assertThat(work).isEmpty();
      assertThat(a.isLeading()).isFalse();
    }
  }

  @Test
  void a_lease_that_nobody_renews_is_taken_one_duration_after_it_was_first_seen() {
    holds("gone", world.now().minus(Duration.ofHours(2)));
    try (LeaderElection a = candidate("a").start()) {
      world.advance(Duration.ofMillis(14_999));
      assertThat(a.isLeading()).isFalse();
      world.advance(Duration.ofMillis(4401));
      assertThat(a.isLeading()).isTrue();
      assertThat(spec().integer("leaseTransitions")).isEqualTo(1);
    }
  }

  @Test
  void a_server_that_is_not_ready_yet_is_asked_again_soon() {
    server.refuse(true);
    try (LeaderElection a = candidate("a").start()) {
      world.advance(SECOND);
      assertThat(a.isLeading()).isFalse();
      server.refuse(false);
      world.advance(SECOND);
      assertThat(a.isLeading()).isTrue();
    }
  }

  @Test
  void parts_end_when_the_lease_cannot_be_renewed_and_are_made_anew_when_it_can() {
    Machine machine = new Machine(world, 1, Duration.ZERO);
    FlakyNetwork network = new FlakyNetwork(world, machine, Duration.ZERO);
    Api api = network.to(server);
    try (LeaderElection a = candidate("a", api).start()) {
      world.advance(Duration.ZERO);
      assertThat(a.isLeading()).isTrue();
      network.cut(true);
      world.advance(Duration.ofMillis(9_999));
      assertThat(work).containsExactly("a begins");
      world.advance(Duration.ofMillis(1));
      assertThat(work).containsExactly("a begins", "a ends");
      Term first = terms.getFirst();
      assertThat(first.holds()).isFalse();
      network.cut(false);
      world.advance(SECOND.multipliedBy(5));
      assertThat(work).containsExactly("a begins", "a ends", "a begins");
      assertThat(terms.getLast().holds()).isTrue();
      assertThat(first.holds()).isFalse();
      assertThat(spec().integer("leaseTransitions")).isZero();
    }
  }

  @Test
  void parts_end_at_once_when_another_has_the_lease() {
    try (LeaderElection a = candidate("a").start()) {
      world.settle();
      holds("b", world.now());
      world.advance(SECOND.multipliedBy(2));
      assertThat(work).containsExactly("a begins", "a ends");
      assertThat(a.isLeading()).isFalse();
    }
    assertThat(spec().string("holderIdentity")).isEqualTo("b");
  }

  @Test
  void the_lease_is_renewed_while_parts_take_long_to_be_made() {
    try (LeaderElection a =
        new LeaderElection(
                world,
                server,
                ElectionSettings.of(LEASE, "a"),
                "default-scheduler",
                term -> {
                  try {
                    world.sleep(SECOND.multipliedBy(30));
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                  work.add("made while it holds: " + term.holds());
                  return () -> work.add("ends");
                })
            .start()) {
      world.advance(SECOND.multipliedBy(40));
      assertThat(a.isLeading()).isTrue();
    }
    assertThat(work).containsExactly("made while it holds: true", "ends");
  }

  @Test
  void a_lease_that_was_deleted_is_made_again_by_its_holder() {
    LeaseServer forgetful = new LeaseServer();
    LeaderElection a = candidate("a", forgetful).start();
    world.settle();
    forgetful.forget(LEASE);
    world.advance(SECOND.multipliedBy(2));
    assertThat(forgetful.lease(LEASE).string("spec", "holderIdentity")).isEqualTo("a");
    assertThat(work).containsExactly("a begins");
    a.close();
  }

  @Test
  void nothing_is_written_after_the_term_and_what_is_on_its_way_is_interrupted() {
    List<String> told = new ArrayList<>();
    Term term = term(world);
    server.onWork = object -> told.add(object.string("metadata", "name"));
    Api fenced = term.fenced(server);
    fenced.create(ApiResource.CONFIG_MAPS, named("early"));
    world.advance(Duration.ofMillis(9_999));
    fenced.create(ApiResource.CONFIG_MAPS, named("in time"));
    world.advance(Duration.ofMillis(1));
    assertThatThrownBy(() -> fenced.create(ApiResource.CONFIG_MAPS, named("late")))
        .isInstanceOfSatisfying(
            ApiException.class, e -> assertThat(e.is(Reason.SERVICE_UNAVAILABLE)).isTrue())
        .hasMessageContaining("kube-system/kube-scheduler");
    assertThatThrownBy(() -> fenced.ofMetadata().create(ApiResource.CONFIG_MAPS, named("late")))
        .isInstanceOf(ApiException.class);
    assertThat(told).containsExactly("early", "in time");
  }

  @Test
  void a_write_on_its_way_is_interrupted_when_the_term_ends_and_what_follows_is_not()
      throws InterruptedException {
    Term term = term(world);
    List<String> told = new ArrayList<>();
    server.onWork =
        _ -> {
          try {
            world.sleep(SECOND);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            told.add("interrupted");
          }
        };
    var writer =
        world.start(
            "writer",
            () -> {
              term.fenced(server).create(ApiResource.CONFIG_MAPS, named("x"));
              told.add("interrupted still: " + Thread.currentThread().isInterrupted());
            });
    world.settle();
    term.end();
    writer.join();
    assertThat(told).containsExactly("interrupted", "interrupted still: false");
  }

  @Test
  void a_machine_that_was_suspended_knows_that_its_term_is_over() {
    Machine machine = new Machine(world, 1, Duration.ofHours(-3));
    Term term = term(machine);
    machine.suspend();
    world.advance(SECOND.multipliedBy(20));
    machine.resume();
    assertThat(machine.nanoTime()).isZero();
    assertThat(term.holds()).isFalse();
  }

  @Test
  void a_wall_clock_that_is_moved_back_does_not_make_a_term_longer() {
    Machine machine = new Machine(world, 1, Duration.ZERO);
    Term term = term(machine);
    machine.moveWallClock(Duration.ofHours(-1));
    assertThat(term.holds()).isTrue();
    world.advance(SECOND.multipliedBy(5));
    machine.suspend();
    world.advance(SECOND.multipliedBy(5));
    machine.resume();
    assertThat(term.holds()).isFalse();
  }

  private static Term term(World world) {
    return Term.begin(world, new CautiousClock(world), ElectionSettings.of(LEASE, "a"), 0);
  }

  private static Struct named(String name) {
    return Struct.of("metadata", Struct.of("name", name));
  }
}
