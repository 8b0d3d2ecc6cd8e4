package dev.tiphys.schema.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.schema.Resource;
import dev.tiphys.schema.ResourceTable;
import org.junit.jupiter.api.Test;

class KindsTest {

  @Test
  void everyBuiltInKindThatCanBeWrittenHasRules() {
    assertThat(ResourceTable.builtIn())
        .filteredOn(resource -> resource.verbs().contains("create"))
        .filteredOn(resource -> Kinds.of(resource.schema()) == Kinds.ANY)
        .extracting(Resource::toString)
        .isEmpty();
  }
}
