package dev.tiphys.apiserver.fieldmanagement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.ResourceTable;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a plugin makes of the record of owners is checked before it is believed.
class OwnersCheckTest {

  private static final String GOOD =
      "[{'manager':'m','operation':'Update','apiVersion':'v1','fieldsType':'FieldsV1',"
          + "'fieldsV1':{'f:data':{}}}]";

  private static final Resource CONFIG_MAPS =
      ResourceTable.builtIn().stream()
          .filter(each -> each.plural().equals("configmaps"))
          .findFirst()
          .orElseThrow();

  private static Struct object(String owners) {
    return Json.struct(
        ("{'metadata':{'name':'a','managedFields':" + owners + "}}").replace('\'', '"').getBytes());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "[{'manager':'other','operation':'Apply','apiVersion':'v1','fieldsType':'FieldsV1'}] | ''",
        "[{'manager':'m','operation':'Eat','apiVersion':'v1','fieldsType':'FieldsV1'}]"
            + " | metadata.managedFields[0].operation: Invalid value: 'Eat': must be `Apply` or"
            + " `Update`",
        "[{'manager':'m','operation':'Update','apiVersion':'v1','fieldsType':'X'}]"
            + " | metadata.managedFields[0].fieldsType: Invalid value: 'X': must be `FieldsV1`",
        "[{'manager':'m','operation':'Update','fieldsType':'FieldsV1'}]"
            + " | apiVersion must not be empty",
      })
  void whatIsNoRecordOfOwnersIsNotTaken(String changed, String problem) {
    Admission plugin =
        new Admission() {
          @Override
          public Struct mutate(Request request, Struct object, @Nullable Struct old) {
            return object(changed).with("data", Struct.of("k", "v"));
          }
        };
    Call call = new Call(UserInfo.of("ann"), "test", 0, false);

    Struct admitted =
        new OwnersCheck(plugin)
            .mutate(
                new Admission.Request(
                    call, Admission.Operation.CREATE, CONFIG_MAPS, "", "default", "a"),
                object(GOOD),
                null);

    boolean good = problem.equals("''");
    assertThat(admitted.struct("metadata"))
        .isEqualTo(object(good ? changed : GOOD).struct("metadata"));
    assertThat(admitted.string("data", "k")).as("the rest is kept").isEqualTo("v");
    assertThat(call.warnings())
        .isEqualTo(
            good
                ? List.of()
                : List.of(
                    ".metadata.managedFields was in an invalid state after admission; this could"
                        + " be caused by an outdated mutating admission controller; please fix"
                        + " your requests: "
                        + problem.replace('\'', '"')));
  }
}
