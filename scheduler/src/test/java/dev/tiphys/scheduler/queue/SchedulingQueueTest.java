package dev.tiphys.scheduler.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.events.Action;
import dev.tiphys.scheduler.events.ClusterEvent;
import dev.tiphys.scheduler.metrics.QueueMetrics;
import dev.tiphys.scheduler.testing.Fixture;
import dev.tiphys.world.VirtualWorld;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SchedulingQueueTest {

  private static final Set<String> FIT = Set.of("NodeResourcesFit");
  private static final String BIG = "'containers':[{'resources':{'requests':{'cpu':'3'}}}]";

  private final VirtualWorld world = new VirtualWorld(1);
  private final Fixture fixture = new Fixture();
  private int woken;
  private final SchedulingQueue queue =
      new SchedulingQueue(
          world, List.of(fixture.profile("")), Backoff.DEFAULT, new QueueMetrics(), () -> woken++);

  private static ClusterEvent added(NodeInfo node) {
    return new ClusterEvent.OfNode(Set.of(Action.ADD), node.name(), node, null);
  }

  private PodInfo add(String spec) {
    PodInfo pod = fixture.pod("", spec);
    queue.put(pod);
    return pod;
  }

  private PodInfo next() {
    QueuedPod queued = queue.pop();
    return queued == null ? null : queued.pod();
  }

  @Test
  void theMostImportantPodComesFirstThenTheOldest() {
    PodInfo first = add("");
    PodInfo important = add("'priority':5");
    world.advance(Duration.ofSeconds(1));
    PodInfo last = add("");
    PodInfo lowest = add("'priority':-1");

    assertThat(next()).isEqualTo(important);
    assertThat(next()).isEqualTo(first);
    assertThat(next()).isEqualTo(last);
    assertThat(next()).isEqualTo(lowest);
    assertThat(next()).isNull();
  }

  @Test
  void aFailureIsRetriedAfterABackoffThatDoubles() {
    add("");
    for (int seconds : new int[] {1, 2, 4, 8, 10, 10}) {
      queue.waitForBackoff(queue.pop());
      int before = woken;
      world.advance(Duration.ofSeconds(seconds).minusMillis(1));
      assertThat(queue.pop()).isNull();
      world.advance(Duration.ofMillis(1));
      assertThat(woken).isGreaterThan(before);
    }
  }

  @Test
  void aPodThatFitsNowhereWaitsForAnEventThatHelps() {
    PodInfo pod = add(BIG);
    queue.waitForChange(queue.pop(), FIT);
    world.advance(Duration.ofMinutes(1));
    assertThat(next()).isNull();

    var small = fixture.node("small", "", "", "'allocatable':{'cpu':'2','pods':'10'}");
    queue.onEvent(added(small));
    assertThat(next()).isNull();

    var big = fixture.node("big", "", "", "'allocatable':{'cpu':'4','pods':'10'}");
    queue.onEvent(added(big));
    assertThat(next()).isEqualTo(pod);
  }

  @Test
  void anEventDoesNotCutTheBackoffShortWhileOthersWaitForTheirTurn() {
    PodInfo pod = add(BIG);
    queue.waitForChange(queue.pop(), FIT);
    queue.onEvent(added(fixture.node("n")));
    PodInfo other = add("'priority':-1");
    PodInfo last = add("'priority':-2");

    assertThat(next()).isEqualTo(other);
    world.advance(Duration.ofSeconds(1));
    assertThat(next()).isEqualTo(pod);
    assertThat(next()).isEqualTo(last);
  }

  @Test
  void theBackoffIsCutShortWhenNoOtherPodWaitsForItsTurn() {
    PodInfo pod = add(BIG);
    queue.waitForChange(queue.pop(), FIT);
    queue.onEvent(added(fixture.node("n")));

    assertThat(next()).isEqualTo(pod);
  }

  @Test
  void roomThatAPodLeavesHelps() {
    var node = fixture.node("n");
    PodInfo blocking = fixture.placed("n", "", BIG);
    PodInfo pod = add(BIG);
    queue.waitForChange(queue.pop(), FIT);
    world.advance(Duration.ofSeconds(1));
    queue.onEvent(ClusterEvent.arrived(blocking, node));
    assertThat(next()).isNull();
    fixture.cluster.remove(blocking);
    queue.onEvent(ClusterEvent.left(blocking, node));

    assertThat(next()).isEqualTo(pod);
  }

  @Test
  void noPodWaitsLongerThanFiveMinutes() {
    PodInfo pod = add(BIG);
    queue.waitForChange(queue.pop(), FIT);
    world.advance(Duration.ofMinutes(5).minusSeconds(1));
    queue.retryLongWaiting();
    assertThat(next()).isNull();
    world.advance(Duration.ofSeconds(1));
    queue.retryLongWaiting();

    assertThat(next()).isEqualTo(pod);
  }

  @Test
  void gatesHoldAPodBackUntilTheLastIsGone() {
    PodInfo gated = add("'schedulingGates':[{'name':'a'}]");
    assertThat(next()).isNull();
    queue.put(fixture.changed(gated, gated.object().withoutAt("spec", "schedulingGates")));

    assertThat(next().uid()).isEqualTo(gated.uid());
  }

  @Test
  void aPodThatIsGoneIsNotTriedAgain() {
    PodInfo pod = add("");
    QueuedPod taken = queue.pop();
    queue.remove(pod);
    queue.waitForBackoff(taken);
    world.advance(Duration.ofMinutes(1));

    assertThat(next()).isNull();
    assertThat(queue.size()).isZero();
  }

  @Test
  void anEventThatComesWhileAPodIsTriedIsNotMissed() {
    PodInfo pod = add(BIG);
    QueuedPod taken = queue.pop();
    queue.onEvent(added(fixture.node("n")));
    queue.waitForChange(taken, FIT);

    assertThat(next()).isEqualTo(pod);
  }

  @Test
  void anEventThatCameBeforeOrDoesNotHelpGivesNoFurtherTry() {
    add(BIG);
    QueuedPod taken = queue.pop();
    queue.onEvent(added(fixture.node("n", "", "", "'allocatable':{'cpu':'1','pods':'9'}")));
    queue.waitForChange(taken, FIT);
    assertThat(next()).isNull();

    add("'priority':1");
    QueuedPod other = queue.pop();
    queue.onEvent(added(fixture.node("late")));
    queue.remove(other.pod());
    QueuedPod first = queue.pop();
    queue.waitForChange(first, FIT);
    assertThat(next()).isNull();
  }

  @Test
  void whatHappensAfterThePermissionIsNotRemembered() {
    add(BIG);
    QueuedPod taken = queue.pop();
    queue.permitted(taken);
    queue.onEvent(added(fixture.node("n")));
    queue.waitForChange(taken, FIT);

    assertThat(next()).isNull();
  }

  @Test
  void aPodThatAnyEventMayHelpIsTriedAfterAny() {
    PodInfo pod = add(BIG);
    queue.waitForChange(queue.pop(), Set.of());
    queue.onEvent(ClusterEvent.left(fixture.placed("n", "", ""), fixture.node("n")));

    assertThat(next()).isEqualTo(pod);
  }

  @Test
  void activatedPodsHaveTheirTurnWhateverTheyWaitFor() {
    PodInfo waiting = add(BIG);
    queue.waitForChange(queue.pop(), FIT);
    queue.activate(waiting);
    assertThat(next()).isEqualTo(waiting);

    PodInfo failed = add("");
    queue.waitForBackoff(queue.pop());
    queue.activate(failed);
    assertThat(next()).isEqualTo(failed);

    PodInfo gated = add("'schedulingGates':[{'name':'a'}]");
    queue.activate(gated);
    assertThat(next()).as("gates still hold it back").isNull();
  }
}
