package dev.tiphys.cli.roles;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// What is told under paths of their own.
class DocumentsTest {

  @Test
  void onlyPartsThatAreLeftToOthersAreNamed() {
    LeftParts parts = new LeftParts();
    AtomicReference<String> other = new AtomicReference<>("");
    parts.add("rollouts", other::get);
    parts.add("ingresses", () -> "");
    assertThat(parts.apply(LeftParts.PATH).orElseThrow().structs("parts")).isEmpty();

    other.set("theirs/them");
    assertThat(parts.apply(LeftParts.PATH).orElseThrow().structs("parts"))
        .containsExactly(Struct.of("part", "rollouts", "to", "theirs/them"));
    assertThat(parts.apply("/elsewhere")).isEmpty();
  }

  @Test
  void aRouteIsAskedForByItsResource() {
    LiveDocuments documents =
        new LiveDocuments(
            "ingresses.networking.k8s.io",
            (key, revision) -> Struct.of("asked", key + "@" + revision));
    String path = LiveDocuments.path("ingresses.networking.k8s.io", "shop", "web", 7);

    assertThat(documents.apply(path)).contains(Struct.of("asked", "shop/web@7"));
    assertThat(documents.apply(path.replace("ingresses", "other"))).isEmpty();
    assertThat(documents.apply("/live/x")).isEmpty();
  }
}
