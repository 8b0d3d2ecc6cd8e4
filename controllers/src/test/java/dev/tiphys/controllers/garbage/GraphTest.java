package dev.tiphys.controllers.garbage;

import static dev.tiphys.client.ApiResource.CONFIG_MAPS;
import static dev.tiphys.client.ApiResource.PODS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.controllers.garbage.Node.Life;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GraphTest {

  private final Graph graph = new Graph();

  private static Node node(String uid, Life life, String... owners) {
    List<OwnerRef> references =
        List.of(owners).stream()
            .map(owner -> new OwnerRef("v1", "ConfigMap", owner, owner, true))
            .toList();
    return new Node(PODS, "default", uid, uid, references, life);
  }

  private static Node owner(String uid, Life life) {
    return new Node(CONFIG_MAPS, "default", uid, uid, List.of(), life);
  }

  private static Work look(String uid) {
    return new Work.Look(uid);
  }

  @Test
  void anObjectThatNobodyOwnsIsNotRemembered() {
    assertThat(graph.put(owner("a", Life.ALIVE))).isEmpty();
    assertThat(graph.find("a")).isNull();
  }

  @Test
  void anObjectWhoseOwnerWasNotSeenIsLookedAtAndAnotherOneOfThatOwnerIsNot() {
    assertThat(graph.put(node("pod", Life.ALIVE, "owner"))).containsExactly(look("pod"));
    graph.seen("owner", "default");
    assertThat(graph.put(node("other", Life.ALIVE, "owner"))).isEmpty();
  }

  @Test
  void anObjectIsWantedAsLongAsItsOwnersAreKnownToExist() {
    Node pod = node("pod", Life.ALIVE, "owner");
    graph.put(pod);
    assertThat(graph.isWanted(pod)).isFalse();
    graph.put(owner("owner", Life.ALIVE));
    assertThat(graph.isWanted(pod)).isTrue();
    graph.put(owner("owner", Life.AWAITING_DEPENDENTS));
    assertThat(graph.isWanted(pod)).isFalse();
    graph.put(owner("owner", Life.ALIVE));
    graph.retain(CONFIG_MAPS, Set.of());
    assertThat(graph.isWanted(pod)).isFalse();
  }

  @Test
  void whenAnOwnerEndsItsDependentsAreLookedAt() {
    graph.put(node("pod", Life.ALIVE, "owner"));
    assertThat(graph.remove("owner")).containsExactly(look("pod"));
    assertThat(graph.hasEnded("owner")).isTrue();
    graph.seen("owner", "default");
    assertThat(graph.isWanted(node("pod", Life.ALIVE, "owner"))).isFalse();
  }

  @Test
  void whatIsNotInANewListIsGone() {
    graph.put(node("one", Life.ALIVE, "owner"));
    graph.put(node("two", Life.ALIVE, "one"));
    assertThat(graph.retain(PODS, Set.of("two"))).contains(look("two"));
    assertThat(graph.find("one")).isNull();
  }

  @Test
  void aResourceThatIsNoLongerServedDoesNotCountAsDeleted() {
    graph.put(node("one", Life.ALIVE, "owner"));
    Node below =
        new Node(
            CONFIG_MAPS,
            "default",
            "below",
            "below",
            List.of(new OwnerRef("v1", "Pod", "one", "one", true)),
            Life.ALIVE);
    graph.put(below);
    graph.forget(PODS);
    assertThat(graph.hasEnded("one")).isFalse();
    assertThat(graph.dependents("owner")).isEmpty();
    assertThat(graph.dependents("one")).containsExactly(below);
  }

  @Test
  void anOwnerThatWaitsIsLookedAtWhenADependentEndsOrNoLongerBlocksIt() {
    graph.put(node("pod", Life.ALIVE, "owner"));
    assertThat(graph.put(owner("owner", Life.AWAITING_DEPENDENTS)))
        .containsExactly(look("pod"), look("owner"));
    assertThat(graph.remove("pod")).containsExactly(look("owner"));
  }

  @Test
  void anOwnerThatLetsItsDependentsGoIsWorkOnce() {
    graph.put(node("pod", Life.ALIVE, "owner"));
    assertThat(graph.put(owner("owner", Life.ORPHANING_DEPENDENTS)))
        .containsExactly(new Work.Orphan("owner"));
    assertThat(graph.put(owner("owner", Life.ORPHANING_DEPENDENTS))).isEmpty();
  }
}
