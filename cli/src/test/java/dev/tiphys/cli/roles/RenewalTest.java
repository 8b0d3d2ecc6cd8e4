package dev.tiphys.cli.roles;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.Subject;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.VirtualWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RenewalTest {

  @Test
  void aServerShowsTheNewestCertificateWithinAnHour() {
    VirtualWorld world = new VirtualWorld(1);
    Authority authority = Authority.found(world, "test");
    Credential first = authority.issue(Subject.client("a"), Duration.ofDays(1));
    Credential second = authority.issue(Subject.client("a"), Duration.ofDays(1));
    AtomicReference<Credential> current = new AtomicReference<>(first);
    List<Credential> shown = new ArrayList<>();
    try (SupervisedTask task = Renewal.start(world, "test", first, current::get, shown::add)) {
      world.advance(Duration.ofHours(3));
      assertThat(shown).isEmpty();
      current.set(second);

      world.advance(Duration.ofHours(3));

      assertThat(shown).containsExactly(second);
      assertThat(task).isNotNull();
    }
  }
}
