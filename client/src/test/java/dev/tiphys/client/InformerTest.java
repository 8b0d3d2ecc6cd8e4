package dev.tiphys.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.VirtualWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InformerTest {

  private static final ApiException GONE =
      ApiException.of(Reason.EXPIRED, "too old resource version");

  private final VirtualWorld world = new VirtualWorld(1);
  private final ScriptedApi api = new ScriptedApi(world);
  private final Informer informer = new Informer(world, api, ApiResource.CONFIG_MAPS);
  private final List<String> heard = new ArrayList<>();

  private void start() {
    informer.listen(noting("")).start();
    world.settle();
  }

  private Informer.Listener noting(String prefix) {
    return new Informer.Listener() {
      @Override
      public void added(Struct object) {
        heard.add(prefix + "+" + text(object));
      }

      @Override
      public void updated(Struct before, Struct now) {
        heard.add(prefix + text(before) + ">" + text(now));
      }

      @Override
      public void deleted(Struct last) {
        heard.add(prefix + "-" + text(last));
      }
    };
  }

  private static String text(Struct object) {
    return object.string("metadata", "name") + object.string("data", "v");
  }

  private List<String> copy() {
    return informer.list().stream().map(InformerTest::text).sorted().toList();
  }

  @Test
  void beginsWithWhatExistsAndGoesOnFromThere() {
    api.put("a", "1");
    api.put("b", "1");

    start();
    api.put("b", "2");
    api.put("c", "1");
    api.remove("a");
    world.settle();

    assertThat(copy()).containsExactly("b2", "c1");
    assertThat(heard).containsExactly("+a1", "+b1", "b1>b2", "+c1", "-a1");
    assertThat(api.asked).containsExactly("list", "watch 2");
    assertThat(informer.find("ns", "b")).isNotNull();
    assertThat(informer.find(new ObjectKey("ns", "a"))).isNull();
    assertThat(informer.list("other")).isEmpty();
  }

  @Test
  void ofAResourceThatIsNotServedThereIsNothingUntilItIs() {
    ApiException notServed =
        ApiException.of(Reason.NOT_FOUND, "the server could not find the requested resource");
    api.put("a", "1");
    api.failNextList(notServed);
    start();
    assertThat(informer.synced()).isTrue();
    assertThat(copy()).isEmpty();
    world.advance(Duration.ofSeconds(1));
    assertThat(copy()).containsExactly("a1");
    api.failNextList(notServed);
    api.tellError(GONE);
    world.settle();
    assertThat(copy()).as("what is known is not forgotten over that").containsExactly("a1");
    world.advance(Duration.ofSeconds(40));
    assertThat(copy()).containsExactly("a1");
    assertThat(heard).containsExactly("+a1");
  }

  @Test
  void isSyncedOnceItHasListed() throws InterruptedException {
    api.failNextList(ScriptedApi.unreachable());
    List<String> order = new ArrayList<>();
    world.start(
        "waiting",
        () -> {
          try {
            informer.awaitSynced();
            order.add("synced");
          } catch (InterruptedException e) {
            order.add("interrupted");
          }
        });

    start();
    assertThat(informer.synced()).isFalse();
    assertThat(order).isEmpty();

    world.advance(Duration.ofSeconds(1));
    assertThat(informer.synced()).isTrue();
    assertThat(order).containsExactly("synced");
    informer.awaitSynced();
  }

  @Test
  void takesAWatchThatEndedUpWhereItEnded() {
    start();
    api.put("a", "1");
    api.bookmark();
    world.settle();

    api.endWatches();
    world.settle();

    assertThat(api.asked).containsExactly("list", "watch 0", "watch 2");
  }

  @Test
  void takesAWatchThatBrokeUpWhereItBroke() {
    start();
    api.put("a", "1");
    world.settle();

    api.breakWatches();
    world.advance(Duration.ofSeconds(1));
    api.put("b", "1");
    world.settle();

    assertThat(api.asked).containsExactly("list", "watch 0", "watch 1");
    assertThat(copy()).containsExactly("a1", "b1");
  }

  @Test
  void listsAnewWhenItsStateIsNoLongerKnown() {
    api.put("kept", "1");
    api.put("changed", "1");
    api.put("removed", "1");
    start();
    heard.clear();

    api.putUnseen("changed", "2");
    api.removeUnseen("removed");
    api.putUnseen("new", "1");
    api.tellError(GONE);
    world.advance(Duration.ofSeconds(1));

    assertThat(copy()).containsExactly("changed2", "kept1", "new1");
    assertThat(heard).containsExactlyInAnyOrder("changed1>changed2", "-removed1", "+new1");
    assertThat(api.asked).containsExactly("list", "watch 3", "list", "watch 6");
  }

  @Test
  void anotherObjectOfTheSameNameIsADeletionAndAnAddition() {
    ObjectIndex byValue = informer.index(object -> List.of(object.string("data", "v")));
    api.put("a", "1");
    start();
    heard.clear();

    api.removeUnseen("a");
    api.putUnseen("a", "2");
    api.tellError(GONE);
    world.advance(Duration.ofSeconds(1));

    assertThat(heard).containsExactly("-a1", "+a2");
    assertThat(copy()).containsExactly("a2");
    assertThat(byValue.with("1")).isEmpty();
    assertThat(byValue.with("2")).hasSize(1);
  }

  @Test
  void whatKeepsItFromListingIsItsProblemUntilItIsOver() {
    for (int i = 0; i < 3; i++) {
      api.failNextList(ScriptedApi.unreachable());
    }
    start();
    assertThat(problems()).containsExactly("cannot list configmaps: cannot reach the server");

    world.advance(Duration.ofSeconds(2));
    assertThat(problems()).isEmpty();

    api.breakWatches();
    api.failNextWatch(ScriptedApi.unreachable());
    world.settle();
    assertThat(problems()).containsExactly("cannot watch configmaps: cannot reach the server");

    world.advance(Duration.ofSeconds(10));
    api.put("a", "1");
    world.settle();
    assertThat(problems()).isEmpty();
  }

  private List<String> problems() {
    return world.supervisor().reports().stream()
        .map(SupervisedTask.Report::problem)
        .filter(problem -> !problem.isEmpty())
        .toList();
  }

  @Test
  void listsAnewWhenAWatchHasGoneQuiet() {
    start();
    api.failNextWatch(ApiException.of(Reason.TIMEOUT, "the watch has gone quiet"));
    api.endWatches();
    world.advance(Duration.ofSeconds(2));

    assertThat(api.asked).containsExactly("list", "watch 0", "watch 0", "list", "watch 0");
  }

  @Test
  void listsAnewWhenAWatchIsRefusedAsTooOld() {
    api.put("a", "1");
    api.failNextWatch(GONE);

    start();
    world.advance(Duration.ofSeconds(1));

    assertThat(api.asked).containsExactly("list", "watch 1", "list", "watch 1");
    assertThat(heard).containsExactly("+a1");
  }

  @Test
  void waitsLongerEachTimeTheServerFails() {
    for (int i = 0; i < 12; i++) {
      api.failNextList(ScriptedApi.unreachable());
    }
    start();

    world.advance(Duration.ofMillis(199));
    assertThat(api.asked).hasSize(1);
    world.advance(Duration.ofMillis(1));
    assertThat(api.asked).hasSize(2);
    world.advance(Duration.ofMillis(399));
    assertThat(api.asked).hasSize(2);
    world.advance(Duration.ofMillis(1));
    assertThat(api.asked).hasSize(3);

    world.advance(Duration.ofMinutes(10));
    assertThat(informer.synced()).isTrue();
  }

  @Test
  void doesNotAskOverAndOverWhatIsAnsweredWithNothing() {
    start();
    for (int i = 0; i < 5; i++) {
      api.endWatches();
      world.settle();
    }

    assertThat(api.asked).hasSize(2);
    world.advance(Duration.ofMillis(200));
    assertThat(api.asked).hasSize(3);
  }

  @Test
  void aListenerThatThrowsMissesOnlyThat() {
    informer.listen(
        Informer.Listener.ofAll(
            object -> {
              if (text(object).equals("a1")) {
                throw new IllegalStateException("expected in this test");
              }
              heard.add("first " + text(object));
            }));
    api.put("a", "1");

    start();
    api.put("a", "2");
    world.settle();

    assertThat(heard).containsExactly("+a1", "first a2", "a1>a2");
    assertThat(copy()).containsExactly("a2");
  }

  @Test
  void anIndexFindsObjectsByTheirValues() {
    ObjectIndex byValue = informer.index(object -> List.of(object.string("data", "v")));
    api.put("a", "x");
    api.put("b", "x");
    start();
    assertThat(byValue.with("x")).hasSize(2);

    api.put("b", "y");
    api.remove("a");
    world.settle();

    assertThat(byValue.with("x")).isEmpty();
    assertThat(byValue.with("y")).extracting(InformerTest::text).containsExactly("by");
  }

  @Test
  void anIndexIsThereBeforeListenersHear() {
    ObjectIndex byValue = informer.index(object -> List.of(object.string("data", "v")));
    informer.listen(
        Informer.Listener.ofAll(object -> heard.add("indexed " + byValue.with("1").size())));
    api.put("a", "1");

    start();

    assertThat(heard).contains("indexed 1");
  }

  @Test
  void anIndexThatThrowsDoesNotEndTheInformer() {
    informer.index(
        object -> {
          throw new IllegalStateException("expected in this test");
        });
    api.put("a", "1");

    start();

    assertThat(heard).containsExactly("+a1");
  }

  @Test
  void stopsWatchingWhenItIsClosed() {
    start();

    informer.close();
    world.advance(Duration.ofMinutes(5));

    assertThat(api.watchers()).isZero();
    assertThat(api.asked).hasSize(2);
  }

  @Test
  void informersOfOneResourceAreShared() throws InterruptedException {
    Informers informers = new Informers(world, api);
    Informer configMaps = informers.of(ApiResource.CONFIG_MAPS);
    assertThat(informers.of(ApiResource.CONFIG_MAPS)).isSameAs(configMaps);

    informers.start();
    informers.awaitSynced();

    assertThat(configMaps.synced()).isTrue();
    informers.close();
  }
}
