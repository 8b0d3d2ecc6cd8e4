package dev.tiphys.controllers.common;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import org.junit.jupiter.api.Test;

class TemplatesTest {

  private static final Struct TEMPLATE =
      Yaml.struct("{metadata: {labels: {app: web}}, spec: {containers: [{name: a}]}}");

  @Test
  void theHashOfATemplateNeverChanges() {
    // ReplicaSets that exist have it in their names: another one would roll everything out anew.
    assertThat(Templates.hash(TEMPLATE, 0)).isEqualTo("7489d875c5");
    assertThat(Templates.hash(TEMPLATE, 1)).isEqualTo("6bbf977fdb");
  }

  @Test
  void theHashLabelDoesNotMakeATemplateAnotherOne() {
    Struct labelled = TEMPLATE.withAt("abc", "metadata", "labels", Templates.HASH_LABEL);
    assertThat(Templates.same(TEMPLATE, labelled)).isTrue();
    assertThat(Templates.same(TEMPLATE, labelled.withAt("b", "metadata", "labels", "app")))
        .isFalse();
  }
}
