package dev.tiphys.secrets;

import static dev.tiphys.client.ApiResource.CONFIG_MAPS;
import static dev.tiphys.client.ApiResource.SECRETS;
import static dev.tiphys.secrets.model.SecretsResources.EXTERNAL_SECRETS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.api.Meta;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What an ExternalSecret asks for, and what its template makes of that.
class FetchTest {

  private SecretsCluster it;

  @BeforeEach
  void start() {
    it = new SecretsCluster(4);
    it.provider.secrets.put("db", "{\"user\": \"ann\", \"password\": \"s3cret\", \"port\": 5432}");
    it.provider.secrets.put("app/one", "1");
    it.provider.secrets.put("app/two", "2");
    it.provider.secrets.put("coded", "aGk=");
    it.provider.secrets.put("binary", "a\0b");
    it.store();
  }

  @AfterEach
  void close() {
    it.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data: [{secretKey: p, remoteRef: {key: db, property: password}}] | {p=s3cret}",
        "data: [{secretKey: c, remoteRef: {key: coded, decodingStrategy: Base64}}] | {c=hi}",
        "dataFrom: [{extract: {key: db}}] | {password=s3cret, port=5432, user=ann}",
        "dataFrom: [{find: {path: app/}}] | {app_one=1, app_two=2}",
        "dataFrom: [{find: {name: {regexp: one$}, conversionStrategy: Unicode}}] | {app_U002f_one=1}",
        "dataFrom: [{find: {name: {regexp: ^app}}, rewrite: [{regexp: {source: app/, target: ''}}]}] | {one=1, two=2}",
        "{dataFrom: [{extract: {key: db}}, {find: {path: app}, rewrite: [{regexp: {source: '.*one', target: user}}, {regexp: {source: /, target: .}}]}]} | {app.two=2, password=s3cret, port=5432, user=1}",
        "{dataFrom: [{extract: {key: db}}], data: [{secretKey: user, remoteRef: {key: app/one}}]} | {password=s3cret, port=5432, user=1}"
      })
  void whatIsFetched(String spec, String values) {
    it.external(inner(spec));
    assertThat(it.ready()).isEqualTo("True SecretSynced: secret synced");
    assertThat(it.values("app").toString()).isEqualTo(values);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data: [{secretKey: p, remoteRef: {key: none}}] | error processing spec.data[0] (key: none), err: Secret does not exist",
        "data: [{secretKey: b, remoteRef: {key: binary, nullBytePolicy: Fail}}] | error processing spec.data[0] (key: binary), err: fetched secret value for key \"b\" contains null bytes; use a text-safe format such as PEM/base64 or leave nullBytePolicy unset for intentional binary data",
        "dataFrom: [{extract: {key: none}}] | error processing spec.dataFrom[0].extract, err: Secret does not exist",
        "dataFrom: [{find: {path: app}, rewrite: [{regexp: {source: x, target: z}}]}] | error processing spec.dataFrom[0].find, err: invalid secret keys (TIP: use rewrite or conversionStrategy to change keys): key has invalid character /, only alphanumeric, '-', '.' and '_' are allowed: app/one",
        "dataFrom: [{sourceRef: {generatorRef: {kind: UUID, name: none}}}] | error processing spec.dataFrom[0].sourceRef.generatorRef, err: error using generator: unable to get generator: uuids.generators.external-secrets.io \"none\" not found"
      })
  void whatCannotBeFetched(String spec, String why) {
    it.external(spec);
    assertThat(it.ready())
        .isEqualTo("False SecretSyncedError: could not get secret data from provider");
    assertThat(it.cluster.events("app")).contains("UpdateFailed: " + why);
    assertThat(it.hasSecret("app")).isFalse();
    assertThat(it.external().struct("status").has("refreshTime")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data: {url: 'u={{ .user }}'} | {url=u=ann}",
        "{mergePolicy: Merge, data: {url: 'u={{ .user }}'}} | {password=s3cret, port=5432, url=u=ann, user=ann}",
        "metadata: {labels: {who: '{{ .user }}'}} | {password=s3cret, port=5432, user=ann}",
        "templateFrom: [{literal: 'a: {{ upper .user }}'}] | {a=ANN}",
        "templateFrom: [{configMap: {name: templates, items: [{key: line}]}}] | {line=ann:s3cret}",
        "templateFrom: [{configMap: {name: templates, items: [{key: map, templateAs: KeysAndValues}]}}] | {k-ann=5432}",
        "{templateFrom: [{literal: 'a: 1'}, {literal: 'a: 2'}], data: {a: '3'}} | {a=3}",
        "templateFrom: [{literal: 'a: 1'}, {literal: 'a: 2'}] | {a=2}"
      })
  void whatATemplateMakes(String template, String values) {
    it.cluster.create(
        CONFIG_MAPS,
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: templates, namespace: default}
        data:
          line: "{{ .user }}:{{ .password }}"
          map: "k-{{ .user }}: '{{ .port }}'"
        """);
    it.external("target: {template: {" + inline(template) + "}}\ndataFrom: [{extract: {key: db}}]");
    assertThat(it.ready()).isEqualTo("True SecretSynced: secret synced");
    assertThat(it.values("app").toString()).isEqualTo(values);
    assertThat(Meta.of(it.secret("app")).labels().has("team")).isFalse();
  }

  @Test
  void aTemplateCanSetTypeLabelsAnnotationsAndFinalizers() {
    it.external(
        """
        target:
          template:
            type: kubernetes.io/basic-auth
            metadata:
              labels: {who: "{{ .user }}"}
              annotations: {port: "{{ .port }}"}
              finalizers: [example.com/kept]
            data: {username: "{{ .user }}", password: "{{ .password }}"}
            templateFrom: [{target: Labels, literal: "more: label"}]
        dataFrom: [{extract: {key: db}}]
        """);
    Meta meta = Meta.of(it.secret("app"));
    assertThat(it.secret("app").string("type")).isEqualTo("kubernetes.io/basic-auth");
    assertThat(meta.label("who")).isEqualTo("ann");
    assertThat(meta.label("more")).isEqualTo("label");
    assertThat(meta.annotation("port")).isEqualTo("5432");
    assertThat(meta.finalizers()).containsExactly("example.com/kept");
    it.cluster.change(SECRETS, "app", secret -> secret.withAt(List.of(), "metadata", "finalizers"));
  }

  @Test
  void aTemplateThatFailsLeavesTheSecretAsItIsAndTellsNoValue() {
    it.external("refreshInterval: 1m\ndataFrom: [{extract: {key: db}}]");
    it.cluster.change(
        EXTERNAL_SECRETS,
        "app",
        object ->
            object.withAt("{{ fail .password }}", "spec", "target", "template", "data", "broken"));
    it.advance(3);
    assertThat(it.ready()).isEqualTo("False SecretSyncedError: could not update secret");
    assertThat(it.values("app")).containsEntry("password", "s3cret");
    assertThat(it.cluster.events("app"))
        .anySatisfy(
            event ->
                assertThat(event)
                    .startsWith(
                        "UpdateFailed: unable to mutate secret app: could not apply template: "))
        .noneSatisfy(event -> assertThat(event).contains("s3cret"));
  }

  @Test
  void labelsThatAreNoLongerWantedGoAndThoseOfOthersStay() {
    it.external("dataFrom: [{extract: {key: db}}]");
    it.cluster.change(
        SECRETS, "app", secret -> secret.withAt("theirs", "metadata", "labels", "other"));
    it.cluster.change(
        EXTERNAL_SECRETS,
        "app",
        object ->
            object
                .withAt("red", "metadata", "labels", "squad")
                .withoutAt("metadata", "labels", "team"));
    it.advance(3);
    Meta meta = Meta.of(it.secret("app"));
    assertThat(meta.labels().has("team")).isFalse();
    assertThat(meta.label("squad")).isEqualTo("red");
    assertThat(meta.label("other")).isEqualTo("theirs");
  }

  @Test
  void nothingIsWrittenIfNothingChanged() {
    it.external("refreshInterval: 1m\ndataFrom: [{extract: {key: db}}]");
    String version = Meta.of(it.secret("app")).resourceVersion();
    it.advance(300);
    assertThat(Meta.of(it.secret("app")).resourceVersion()).isEqualTo(version);
  }

  private static String inner(String spec) {
    return spec.startsWith("{")
        ? spec.substring(1, spec.length() - 1).replace("], data", "]\ndata")
        : spec;
  }

  private static String inline(String template) {
    return template.startsWith("{") ? template.substring(1, template.length() - 1) : template;
  }
}
