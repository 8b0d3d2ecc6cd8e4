package dev.tiphys.client.leader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.world.Rounds;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.VirtualWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Two or three candidates on machines whose clocks are wrong, run at other speeds, are moved and
/// stand still, behind a network that loses requests and answers: there are never two leaders at
/// work.
class LeadersTest {

  private static final int SEEDS = Rounds.of("tiphys.leaders", 120);
  private static final Logger LOG = Logger.getLogger("dev.tiphys");

  static {
    LOG.setLevel(Level.SEVERE); // the losses are meant
  }

  /// How long a request is on its way at most: less than by what the lease duration exceeds the
  /// renew deadline, which is what the promise is made for.
  private static final Duration LONGEST_WAY = Duration.ofMillis(1500);

  /// Within what time of a move of the wall clock a machine must not be suspended.
  private static final Duration LOOK = Duration.ofSeconds(1);

  private static final class Run {
    final VirtualWorld world;
    final SplittableRandom choices;
    final LeaseServer server = new LeaseServer();
    final List<Candidate> candidates = new ArrayList<>();
    int terms;
    int newestThatWrote;
    int writes;

    Run(long seed) {
      world = new VirtualWorld(seed);
      choices = new SplittableRandom(seed);
      server.onWork = this::arrived;
      int count = 2 + choices.nextInt(2);
      for (int i = 0; i < count; i++) {
        candidates.add(new Candidate(this, "candidate-" + i));
      }
    }

    /// A later leader's writes are never followed by an earlier one's.
    private void arrived(Struct work) {
      int term = (int) work.integer("term");
      assertThat(term)
          .as("a write came after one of a later leader")
          .isGreaterThanOrEqualTo(newestThatWrote);
      newestThatWrote = term;
      writes++;
    }

    /// When a leader begins, no other one's term holds, by its own clocks.
    void begins(Candidate leader) {
      for (Candidate other : candidates) {
        assertThat(other != leader && other.mayWrite()).as("two leaders are at work").isFalse();
      }
    }

    void disturb() {
      Candidate one = candidates.get(choices.nextInt(candidates.size()));
      switch (choices.nextInt(8)) {
        case 0, 1 -> one.machine.suspend();
        case 2, 3 -> one.machine.resume();
        case 4 -> one.network.cut(choices.nextBoolean());
        case 5 -> one.network.loses(choices.nextInt(60));
        case 6 -> {
          one.machine.moveWallClock(Duration.ofSeconds(choices.nextInt(-3600, 3600)));
          world.advance(LOOK);
        }
        default -> one.restart();
      }
    }

    void mend() {
      for (Candidate each : candidates) {
        each.machine.resume();
        each.network.cut(false);
        each.network.loses(0);
      }
    }

    void pass(Duration longest) {
      world.advance(Duration.ofNanos(choices.nextLong(longest.toNanos())));
    }
  }

  private static final class Candidate {
    final Run run;
    final String name;
    final Machine machine;
    final FlakyNetwork network;
    LeaderElection election;
    Term term = Term.ENDLESS;
    int open;
    int restarts;

    Candidate(Run run, String name) {
      this.run = run;
      this.name = name;
      double rate = 0.9 + run.choices.nextDouble() * 0.2;
      machine =
          new Machine(run.world, rate, Duration.ofSeconds(run.choices.nextInt(-10_000, 10_000)));
      network = new FlakyNetwork(run.world, machine, LONGEST_WAY);
      election = candidate();
    }

    private LeaderElection candidate() {
      return new LeaderElection(
              machine,
              network.to(run.server),
              ElectionSettings.of("kube-scheduler", name + "-" + restarts),
              "default-scheduler",
              this::begin)
          .start();
    }

    boolean mayWrite() {
      return open > 0 && term.holds();
    }

    private AutoCloseable begin(Term begun) {
      if (begun.holds()) {
        run.begins(this);
      }
      assertThat(open).as("parts of an earlier term have not ended").isZero();
      open++;
      term = begun;
      Struct work = Struct.of("term", (long) ++run.terms);
      Api api = begun.fenced(network.to(run.server));
      List<SupervisedTask> tasks = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        SupervisedTask task =
            run.world.supervisor().task("worker", dev.tiphys.world.Supervisor.OnFailure.RESTART);
        tasks.add(task.start(() -> work(task, api, work)));
      }
      return () -> {
        SupervisedTask.closeAll(tasks);
        open--;
      };
    }

    private void work(SupervisedTask task, Api api, Struct work) throws InterruptedException {
      while (!task.closed()) {
        machine.sleep(Duration.ofMillis(machine.random().nextInt(1, 2000)));
        try {
          api.create(ApiResource.CONFIG_MAPS, work);
        } catch (ApiException e) {
          // lost on its way, or too late
        }
      }
    }

    /// The process ends in order, and another one begins on the machine.
    void restart() {
      machine.resume();
      election.close();
      restarts++;
      election = candidate();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void there_are_never_two_leaders_at_work_and_in_the_end_there_is_one(int part) {
    for (long seed = part; seed <= SEEDS; seed += 4) {
      Run run = new Run(seed);
      try {
        for (int i = 0; i < 40; i++) {
          run.disturb();
          run.pass(Duration.ofSeconds(20));
        }
        run.mend();
        run.world.advance(Duration.ofSeconds(60));
        assertThat(run.candidates.stream().filter(Candidate::mayWrite)).hasSize(1);
        int before = run.writes;
        run.world.advance(Duration.ofSeconds(20));
        assertThat(run.writes).as("the leader works").isGreaterThan(before);
        run.candidates.forEach(each -> each.election.close());
        run.world.settle();
      } catch (AssertionError | IllegalStateException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }
}
