package dev.tiphys.cli.why;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.encoding.Yaml;
import org.junit.jupiter.api.Test;

class ExternalSecretAnswerTest {

  @Test
  void whatIsInTheWayStandsInOneScreen() {
    assertThat(
            ExternalSecretAnswer.lines(
                Yaml.struct(
                    """
                    namespace: default
                    name: db
                    secret: db-secret
                    exists: true
                    ready: {status: "False", reason: SecretSyncedError, message: could not get secret data from provider}
                    stores:
                    - {kind: SecretStore, name: vault, exists: true, provider: vault, works: false, message: unable to validate store}
                    - {kind: ClusterSecretStore, name: other, exists: false}
                    keys:
                    - {key: password, from: "spec.data[0]: SecretStore/vault, db#password", kept: true}
                    - {key: url, from: "", kept: true}
                    - {key: user, from: "spec.data[1]: SecretStore/vault, db#user", kept: false}
                    lastRead: "2026-01-01T00:00:00Z"
                    failure: the store is away
                    """)))
        .containsExactly(
            "externalsecret default/db: SecretSyncedError: could not get secret data from provider; it"
                + " keeps secret db-secret",
            "  SecretStore/vault (vault) does not work: unable to validate store",
            "  ClusterSecretStore/other is not there",
            "  password <- spec.data[0]: SecretStore/vault, db#password",
            "  url      <- made by the template, or there before",
            "  user     <- spec.data[1]: SecretStore/vault, db#user (not in the Secret)",
            "  last read: 2026-01-01T00:00:00Z",
            "  failed: the store is away");
  }
}
