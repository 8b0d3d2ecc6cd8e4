package dev.tiphys.schema.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.Objects;
import dev.tiphys.schema.validation.FieldError;
import dev.tiphys.schema.validation.FieldErrors;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsValidationTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '\0',
      value = {
        "write; {}; -",
        "write; {'dryRun':['All'],'fieldManager':'kubectl','fieldValidation':'Strict'}; -",
        "write; {'dryRun':['Some']}; dryRun: Unsupported value: [\"Some\"]: supported values: \"All\"",
        "write; {'fieldValidation':'x'}; fieldValidation: Unsupported value: \"x\": supported values: \"\", \"Ignore\", \"Strict\", \"Warn\"",
        "write; {'fieldManager':'a\\nb'}; fieldManager: Invalid value: \"a\\nb\": invalid character U+000A (at position 1)",
        "apply; {}; fieldManager: Required value: is required for apply patch",
        "apply; {'fieldManager':'a','force':true}; -",
        "patch; {'force':false}; force: Forbidden: may not be specified for non-apply patch",
        "delete; {'propagationPolicy':'Foreground'}; -",
        "delete; {'propagationPolicy':'Orphan','orphanDependents':true}; propagationPolicy: Invalid value: \"Orphan\": orphanDependents and deletionPropagation cannot be both set",
        "delete; {'propagationPolicy':'x'}; propagationPolicy: Unsupported value: \"x\": supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\"",
        "delete; {'ignoreStoreReadErrorWithClusterBreakingPotential':true,'gracePeriodSeconds':1}; ignoreStoreReadErrorWithClusterBreakingPotential: Invalid value: true: cannot be set together with .gracePeriodSeconds",
        "list; {'resourceVersion':'5','resourceVersionMatch':'Exact'}; -",
        "list; {'resourceVersionMatch':'Exact'}; resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided",
        "list; {'resourceVersion':'0','resourceVersionMatch':'Exact','continue':'x'}; resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided | resourceVersionMatch: Forbidden: resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"",
        "list; {'resourceVersion':'1','resourceVersionMatch':'x'}; resourceVersionMatch: Unsupported value: \"x\": supported values: \"Exact\", \"NotOlderThan\", \"\"",
        "list; {'sendInitialEvents':true}; sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list",
        "list; {'watch':true,'sendInitialEvents':true,'resourceVersionMatch':'NotOlderThan'}; -",
        "list; {'watch':true,'sendInitialEvents':false}; resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
        "list; {'watch':true,'resourceVersionMatch':'Exact'}; resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided | resourceVersionMatch: Unsupported value: \"Exact\": supported values: \"NotOlderThan\"",
        "table; {'includeObject':'Object'}; -",
        "table; {'includeObject':'x'}; includeObject: Invalid value: \"x\": must be 'Metadata', 'Object', 'None', or empty",
      })
  void optionsAreAnsweredInUpstreamsWords(String sort, String options, String expected) {
    Struct given = Objects.json(options);

    FieldErrors errors =
        switch (sort) {
          case "write" -> OptionsValidation.write(given);
          case "apply" -> OptionsValidation.patch(given, true);
          case "patch" -> OptionsValidation.patch(given, false);
          case "delete" -> OptionsValidation.delete(given);
          case "list" -> OptionsValidation.list(given);
          default -> OptionsValidation.table(given);
        };

    assertThat(errors.list().stream().map(FieldError::toString))
        .containsExactlyElementsOf(
            expected.equals("-") ? java.util.List.of() : Arrays.asList(expected.split(" \\| ")));
  }
}
