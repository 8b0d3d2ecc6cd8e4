package dev.tiphys.schema.validation.custom;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.schema.Objects;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.validation.FieldErrors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScaleRulesTest {

  private static final Resource.Scale SCALE =
      new Resource.Scale("spec.replicas", "status.replicas", "status.selector");

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          {} ; true ; []
          {'spec':{'replicas':3}} ; true ; []
          {'spec':{'replicas':-1}} ; true ; [.spec.replicas: Invalid value: -1: should be a non-negative integer]
          {'spec':{'replicas':2147483648}} ; true ; [.spec.replicas: Invalid value: 2147483648: should be less than or equal to 2147483647]
          {'spec':{'replicas':'a'}} ; true ; [.spec.replicas: Invalid value: 0: .spec.replicas accessor error: a is of the type string, expected int64]
          {'spec':1} ; true ; [.spec.replicas: Invalid value: 0: .spec accessor error: 1 is of the type int64, expected map[string]interface {}]
          {'spec':{'replicas':-1},'status':{'replicas':-2}} ; false ; [.status.replicas: Invalid value: -2: should be a non-negative integer]
          {'status':{'selector':1}} ; false ; [.status.selector: Invalid value: "": .status.selector accessor error: 1 is of the type int64, expected string]
          """)
  void replicasAreCountedInWholeNumbers(String object, boolean wholly, String errors) {
    FieldErrors found = new FieldErrors();

    ScaleRules.check(found, Objects.json(object), SCALE, wholly);

    assertThat(found).hasToString(errors);
  }
}
