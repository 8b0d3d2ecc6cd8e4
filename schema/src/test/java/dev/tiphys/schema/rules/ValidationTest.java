package dev.tiphys.schema.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.Objects;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.Type;
import dev.tiphys.schema.TypeTable;
import dev.tiphys.schema.validation.FieldError;
import dev.tiphys.schema.validation.FieldErrors;
import java.util.List;
import org.junit.jupiter.api.Test;

class ValidationTest {

  private static final Resource DEPLOYMENTS = Objects.resource("apps/v1/deployments");

  private static List<String> texts(FieldErrors errors) {
    return errors.list().stream().map(FieldError::toString).toList();
  }

  @Test
  void kindsThatAreOnlySentToSubresourcesHaveRulesToo() {
    Type scale = TypeTable.BUILT_IN.type("io.k8s.api.autoscaling.v1.Scale");
    Type token = TypeTable.BUILT_IN.type("io.k8s.api.authentication.v1.TokenRequest");

    assertThat(
            texts(
                Validation.request(
                    scale,
                    Objects.json(
                        "{'metadata':{'name':'a','namespace':'b'},'spec':{'replicas':-1}}"))))
        .containsExactly("spec.replicas: Invalid value: -1: must be greater than or equal to 0");
    assertThat(texts(Validation.request(token, Objects.json("{'spec':{'expirationSeconds':599}}"))))
        .containsExactly(
            "spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 10"
                + " minutes");
  }

  @Test
  void statusIsCheckedByItself() {
    Struct before = Objects.json("{'metadata':{'name':'a','namespace':'b','resourceVersion':'1'}}");
    Struct now = before.with("status", Objects.json("{'replicas':1,'readyReplicas':2}"));

    assertThat(texts(Validation.statusUpdate(DEPLOYMENTS, now, before)))
        .containsExactly(
            "status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas");
  }

  @Test
  void subresourcesWithoutRulesOfTheirOwnCheckMetadata() {
    Struct before = Objects.json("{'metadata':{'name':'a','namespace':'b','resourceVersion':'1'}}");
    Struct now = Objects.json("{'metadata':{'name':'a','namespace':'c','resourceVersion':'1'}}");

    assertThat(texts(Validation.subresourceUpdate(DEPLOYMENTS, "other", now, before)))
        .contains("metadata.namespace: Invalid value: \"c\": field is immutable");
  }
}
