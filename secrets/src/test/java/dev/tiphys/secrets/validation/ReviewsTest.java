package dev.tiphys.secrets.validation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.secrets.model.Review;
import dev.tiphys.secrets.provider.fake.FakeProvider;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What objects are refused for.
class ReviewsTest {

  private static final List<Review> REVIEWS = Reviews.all(Map.of("fake", new FakeProvider()));

  private static String refusal(String kind, String spec) {
    Struct object =
        Yaml.struct("{kind: %s, metadata: {name: app}, spec: %s}".formatted(kind, spec));
    return REVIEWS.stream()
        .filter(review -> review.resource().kind().equals(kind))
        .findFirst()
        .orElseThrow()
        .refusal()
        .apply(object);
  }

  @Test
  void eachKindHasTheWebhookOfTheOriginal() {
    assertThat(REVIEWS)
        .extracting(Review::webhook)
        .containsExactly(
            "validate.externalsecret.external-secrets.io",
            "validate.secretstore.external-secrets.io",
            "validate.clustersecretstore.external-secrets.io");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{data: [{secretKey: a}, {secretKey: b}]} | ''",
        "{} | either data or dataFrom should be specified",
        "{data: [{secretKey: a}, {secretKey: a}]} | duplicate secretKey found: a",
        "{target: {deletionPolicy: Delete}, data: [{secretKey: a}, {secretKey: a}]} | ''",
        "{target: {deletionPolicy: Delete, creationPolicy: Merge}, data: [{}]} | deletionPolicy=Delete must not be used when the controller doesn't own the secret. Please set creationPolicy=Owner",
        "{target: {deletionPolicy: Delete, creationPolicy: CreateOrMerge}, data: [{}]} | deletionPolicy=Delete must not be used when the controller doesn't own the secret. Please set creationPolicy=Owner",
        "{target: {deletionPolicy: Delete, creationPolicy: None}, data: [{}]} | deletionPolicy=Delete must not be used when the controller doesn't own the secret. Please set creationPolicy=Owner",
        "{target: {deletionPolicy: Delete, creationPolicy: Orphan}, data: [{}]} | ''",
        "{target: {deletionPolicy: Merge, creationPolicy: None}, data: [{}]} | deletionPolicy=Merge must not be used with creationPolicy=None. There is no Secret to merge with",
        "{dataFrom: [{extract: {key: a}, find: {path: b}}]} | extract, find, or generatorRef cannot be set at the same time",
        "{dataFrom: [{extract: {key: a}, sourceRef: {generatorRef: {name: g}}}]} | extract, find, or generatorRef cannot be set at the same time",
        "{dataFrom: [{extract: {key: a}, sourceRef: {storeRef: {name: s}}}]} | ''",
        "{dataFrom: [{rewrite: []}]} | either extract, find, or sourceRef must be set to dataFrom",
        "{dataFrom: [{sourceRef: {}}]} | generatorRef or storeRef must be set when using sourceRef in dataFrom",
        "{data: [{}], target: {template: {type: bootstrap.kubernetes.io/token}}} | template.type=\"bootstrap.kubernetes.io/token\" is not allowed",
        "{data: [{}], target: {template: {type: kubernetes.io/service-account-token}}} | ''",
        "{data: [{}], target: {template: {type: kubernetes.io/service-account-token, metadata: {annotations: {kubernetes.io/service-account.name: x}}}}} | template.type=\"kubernetes.io/service-account-token\" with annotation \"kubernetes.io/service-account.name\" is not allowed",
        "{data: [{}], target: {template: {type: kubernetes.io/service-account-token, templateFrom: [{target: annotations}]}}} | template.type=\"kubernetes.io/service-account-token\" with templateFrom target=\"Annotations\" is not allowed",
        "{data: [{}], target: {template: {templateFrom: [{target: spec.x}]}}} | templateFrom target=\"spec.x\" is not allowed when targeting a Secret, must be one of \"Data\", \"Annotations\" or \"Labels\"",
        "{data: [{}], target: {manifest: {apiVersion: v1, kind: ConfigMap}, template: {templateFrom: [{target: spec.x}]}}} | ''"
      })
  void externalSecrets(String spec, String refusal) {
    assertThat(refusal("ExternalSecret", spec)).isEqualTo(refusal);
  }

  @Test
  void allProblemsAreTold() {
    assertThat(
            refusal("ExternalSecret", "{target: {deletionPolicy: Merge, creationPolicy: None}}")
                .lines())
        .hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{provider: {fake: {data: [{key: a, value: b}]}}} | ''",
        "{provider: {fake: {data: [{value: b}]}}} | key must be set in data 0",
        "{provider: {fake: {data: [{key: a}]}}} | at least one value must be set in data 0",
        "{provider: {}} | store error for app: secret stores must only have exactly one backend specified, found 0",
        "{provider: {fake: {}, vault: {}}} | store error for app: secret stores must only have exactly one backend specified, found 2",
        "{provider: {unknown: {}}} | failed to find registered store backend for type: unknown, name: app",
        "{provider: {fake: {}}, refreshInterval: -1} | invalid refreshInterval -1: must not be negative",
        "{provider: {fake: {}}, refreshInterval: 5m} | ''",
        "{provider: {fake: {}}, refreshInterval: -5m} | invalid refreshInterval \"-5m\": must not be negative",
        "{provider: {fake: {}}, refreshInterval: soon} | invalid refreshInterval \"soon\": time: invalid duration \"soon\""
      })
  void stores(String spec, String refusal) {
    assertThat(refusal("SecretStore", spec)).isEqualTo(refusal);
    assertThat(refusal("ClusterSecretStore", spec)).isEqualTo(refusal);
  }

  @Test
  void expressionsThatAreNoneAreToldWithTheirPlace() {
    assertThat(
            refusal(
                "ClusterSecretStore",
                "{provider: {fake: {}}, conditions: [{namespaceRegexes: [ok, '(']}]}"))
        .startsWith("failed to compile 1th namespace regex in 0th condition: ");
  }
}
