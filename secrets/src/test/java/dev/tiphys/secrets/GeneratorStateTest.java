package dev.tiphys.secrets;

import static dev.tiphys.client.ApiResource.SECRETS;
import static dev.tiphys.secrets.model.SecretsResources.EXTERNAL_SECRETS;
import static dev.tiphys.secrets.model.SecretsResources.GENERATOR_KINDS;
import static dev.tiphys.secrets.model.SecretsResources.GENERATOR_STATES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.controllers.Faults;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.secrets.model.GeneratorState;
import dev.tiphys.secrets.vault.Listeners;
import dev.tiphys.secrets.vault.Setup;
import dev.tiphys.secrets.vault.Vault;
import dev.tiphys.secrets.vault.VaultServer;
import dev.tiphys.world.Rounds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Leases are written down: no end of the controller has them forgotten.
class GeneratorStateTest {

  private static final int HOUR = 3600;

  static List<Long> seeds() {
    List<Long> seeds = new ArrayList<>();
    for (long i = 1; i <= Rounds.of("tiphys.secrets", 8); i++) {
      seeds.add(i);
    }
    return seeds;
  }

  /// A cluster beside a Vault whose tokens live for an hour, and what it makes for half an hour.
  private static final class Rig implements AutoCloseable {
    final SecretsCluster it;
    final VaultServer server;
    final Supplier<List<String>> leases;

    Rig(long seed, Faults faults) {
      it = new SecretsCluster(seed, faults);
      Vault vault = new Vault(it.cluster.world::now);
      Setup setup = Setup.of(vault);
      setup.appRole("approle", "role-id", "secret-id", Duration.ofHours(1));
      leases = setup.leases("database", Duration.ofMinutes(30), Duration.ofHours(500));
      try {
        server = Listeners.plain(vault);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      it.cluster.create(
          SECRETS,
          "{apiVersion: v1, kind: Secret, metadata: {name: vault, namespace: default}, stringData: {id: secret-id}}");
      it.cluster.create(
          GENERATOR_KINDS.getLast(),
          """
          apiVersion: generators.external-secrets.io/v1alpha1
          kind: VaultDynamicSecret
          metadata: {name: made, namespace: default}
          spec:
            provider:
              server: %s
              auth: {appRole: {path: approle, roleId: role-id, secretRef: {name: vault, key: id}}}
            path: database/creds/app
          """
              .formatted(server.uri()));
    }

    void external(String more) {
      it.external(
          """
          refreshInterval: 100h
          dataFrom:
          - sourceRef: {generatorRef: {apiVersion: generators.external-secrets.io/v1alpha1, kind: VaultDynamicSecret, name: made}}
          """
              + more);
    }

    void force() {
      it.cluster.change(
          EXTERNAL_SECRETS, "app", object -> forced(object, it.cluster.world.now().toString()));
      it.advance(3);
    }

    List<Struct> states() {
      return it.cluster.list(GENERATOR_STATES);
    }

    /// A few minutes after whatever went wrong nothing but the newest is kept for its own sake.
    void awaitOneCurrent() {
      for (int i = 0; i < 60 && current() > 1; i++) {
        it.advance(5);
      }
      assertThat(current()).isLessThanOrEqualTo(1);
    }

    private long current() {
      return states().stream().filter(state -> new GeneratorState(state).isCurrent()).count();
    }

    /// The lease of what the Secret has.
    String used() {
      String user = it.values("app").getOrDefault("username", "");
      return user.replace("made-user-", "database/creds/app/lease-number-");
    }

    @Override
    public void close() {
      it.close();
      server.close();
    }
  }

  private static Struct forced(Struct object, String value) {
    return Meta.withAnnotation(object, "external-secrets.io/force-sync", value);
  }

  private static Rig rig() {
    return new Rig(1, Faults.NONE);
  }

  @Test
  void aLeaseIsWrittenDownForWhatItWasMadeFor() {
    try (Rig rig = rig()) {
      rig.external("");
      assertThat(rig.states()).hasSize(1);
      Struct state = rig.states().getFirst();
      assertThat(Meta.of(state).name()).startsWith("gen-externalsecret-app-");
      assertThat(Meta.of(state).finalizers())
          .containsExactly("generatorstate.externalsecrets.io/finalizer");
      assertThat(Meta.of(state).labels().names())
          .containsExactly("generators.external-secrets.io/owner-key");
      assertThat(Meta.of(state).owners())
          .singleElement()
          .satisfies(owner -> assertThat(owner.string("name")).isEqualTo("app"));
      assertThat(state.struct("spec", "state").string("leaseID"))
          .isEqualTo("database/creds/app/lease-number-1");
      assertThat(state.struct("spec", "resource").string("kind")).isEqualTo("VaultDynamicSecret");
      assertThat(state.toString()).doesNotContain("made-password");
      assertThat(SecretsCluster.ready(state)).isEqualTo("True Created: GeneratorState created");
    }
  }

  @Test
  void aLeaseIsRenewedByTheNextControllerAndReplacedBeforeItsTokenEnds() {
    try (Rig rig = rig()) {
      rig.external("");
      rig.it.advance(60);
      rig.it.restart();
      rig.it.advance(60);
      assertThat(rig.server.count("PUT sys/leases/renew")).isEqualTo(1);
      rig.it.advance(35 * 60);
      assertThat(rig.leases.get()).containsExactly("database/creds/app/lease-number-1");
      rig.it.advance(20 * 60);
      assertThat(rig.used()).isEqualTo("database/creds/app/lease-number-2");
      rig.it.advance(2 * HOUR);
      assertThat(rig.leases.get()).containsExactly("database/creds/app/lease-number-2");
    }
  }

  @Test
  void whatEndsWhileNoControllerRunsIsMadeAnew() {
    try (Rig rig = rig()) {
      rig.external("");
      rig.it.stop();
      rig.it.advance(2 * HOUR);
      assertThat(rig.leases.get()).isEmpty();
      rig.it.begin();
      rig.it.advance(60);
      assertThat(rig.used()).isEqualTo("database/creds/app/lease-number-2");
      assertThat(rig.leases.get()).containsExactly(rig.used());
    }
  }

  @Test
  void whatIsDeletedWhileNoControllerRunsIsGivenBackByTheNext() {
    try (Rig rig = rig()) {
      rig.external("");
      rig.it.stop();
      rig.it.cluster.delete(EXTERNAL_SECRETS, "app");
      rig.it.advance(60);
      assertThat(rig.leases.get()).hasSize(1);
      rig.it.begin();
      rig.it.advance(60);
      assertThat(rig.leases.get()).isEmpty();
      assertThat(rig.states()).isEmpty();
      assertThat(rig.it.cluster.list(EXTERNAL_SECRETS)).isEmpty();
    }
  }

  @Test
  void whatWasReplacedIsLeftForItsOwnTimeAndGivenBackThen() {
    try (Rig rig = rig()) {
      rig.external("");
      rig.force();
      assertThat(rig.leases.get()).hasSize(2);
      assertThat(rig.states())
          .extracting(each -> each.struct("spec").has("garbageCollectionDeadline"))
          .containsExactlyInAnyOrder(true, false);
      rig.it.advance(31 * 60);
      assertThat(rig.leases.get()).containsExactly("database/creds/app/lease-number-2");
      assertThat(rig.states()).hasSize(1);
    }
  }

  @Test
  void aLeaseIsReplacedHoweverItsEndIsLost() {
    try (Rig rig = rig()) {
      rig.external("");
      Struct first = rig.states().getFirst();
      rig.force();
      rig.it.stop();
      rig.it.cluster.change(
          GENERATOR_STATES,
          Meta.of(first).name(),
          state -> state.with("spec", state.struct("spec").without("garbageCollectionDeadline")));
      rig.it.begin();
      rig.it.advance(60);
      assertThat(rig.it.cluster.get(GENERATOR_STATES, Meta.of(first).name()).struct("spec"))
          .satisfies(spec -> assertThat(spec.has("garbageCollectionDeadline")).isTrue());
      rig.it.advance(31 * 60);
      assertThat(rig.leases.get()).containsExactly("database/creds/app/lease-number-2");
    }
  }

  @Test
  void ofSeveralThatWereMadeInOneSecondTheLastIsKept() {
    try (Rig rig = rig()) {
      rig.external("");
      for (int i = 0; i < 5; i++) {
        int count = i;
        rig.it.cluster.change(EXTERNAL_SECRETS, "app", object -> forced(object, "now " + count));
        rig.it.cluster.world.settle();
      }
      rig.it.advance(31 * 60);
      assertThat(rig.used()).isEqualTo("database/creds/app/lease-number-6");
      assertThat(rig.leases.get()).containsExactly(rig.used());
    }
  }

  @Test
  void whatWasMadeForASyncThatFailsIsGivenBackAtOnce() {
    try (Rig rig = rig()) {
      rig.it.store();
      rig.external(
          "secretStoreRef: {name: main}\ndata: [{secretKey: a, remoteRef: {key: missing}}]");
      assertThat(rig.it.ready()).startsWith("False SecretSyncedError");
      assertThat(rig.server.count("PUT sys/leases/revoke")).isPositive();
      assertThat(rig.leases.get()).isEmpty();
      assertThat(rig.states()).isEmpty();
    }
  }

  @Test
  void whatIsUsedLivesOnWhileSyncsFail() {
    try (Rig rig = rig()) {
      rig.it.store();
      rig.it.provider.secrets.put("there", "b");
      rig.external("secretStoreRef: {name: main}\ndata: [{secretKey: a, remoteRef: {key: there}}]");
      assertThat(rig.it.ready()).startsWith("True");
      rig.it.provider.secrets.clear();
      rig.force();
      assertThat(rig.it.ready()).startsWith("False");
      rig.it.advance(2 * HOUR);
      assertThat(rig.used()).isEqualTo("database/creds/app/lease-number-1");
      assertThat(rig.leases.get()).containsExactly("database/creds/app/lease-number-1");
    }
  }

  @Test
  void aVaultThatIsGoneDoesNotHoldUpAnEndForEver() {
    try (Rig rig = rig()) {
      rig.external("");
      rig.server.sealed = true;
      rig.it.cluster.delete(EXTERNAL_SECRETS, "app");
      rig.it.advance(20 * 60);
      assertThat(rig.states())
          .singleElement()
          .satisfies(
              state ->
                  assertThat(SecretsCluster.ready(state))
                      .startsWith("False Error: could not cleanup generator state: "));
      rig.it.advance(20 * 60);
      assertThat(rig.states()).isEmpty();
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void inTheEndWhatIsUsedLivesAndNothingElseDoes(long seed) {
    try (Rig rig = new Rig(seed, new Faults(0.1, 0.1))) {
      SecretsCluster it = rig.it;
      rig.external("");
      for (int i = 0; i < 20; i++) {
        switch (it.cluster.world.random().nextInt(6)) {
          case 0, 1 -> it.restart();
          case 2 -> rig.server.sealed = !rig.server.sealed;
          case 3 -> it.cluster.delete(EXTERNAL_SECRETS, "app");
          default -> {
            if (it.cluster.names(EXTERNAL_SECRETS).isEmpty()) {
              rig.external("");
            } else {
              rig.force();
            }
          }
        }
        rig.awaitOneCurrent();
        it.advance(it.cluster.world.random().nextInt(20 * 60));
      }
      rig.server.sealed = false;
      if (it.cluster.names(EXTERNAL_SECRETS).isEmpty()) {
        rig.external("");
      }
      it.advance(3 * HOUR);
      assertThat(it.ready()).startsWith("True");
      assertThat(rig.leases.get()).containsExactly(rig.used());

      it.cluster.delete(EXTERNAL_SECRETS, "app");
      it.advance(HOUR);
      assertThat(rig.leases.get()).isEmpty();
      assertThat(rig.states()).isEmpty();
    }
  }
}
