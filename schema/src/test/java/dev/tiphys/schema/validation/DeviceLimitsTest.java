package dev.tiphys.schema.validation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.schema.Objects;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.rules.Validation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How much there may be of everything that is said of devices: the last that fits is taken, one
/// more is told.
class DeviceLimitsTest {

  private static final String CLAIM =
      """
      {"metadata":{"name":"a","namespace":"b","resourceVersion":"1"},"spec":{"devices":{"requests":[
       {"name":"r","exactly":{"deviceClassName":"c","allocationMode":"ExactCount","count":1}}]}}}
      """;

  private static final String CLASS =
      """
      {"metadata":{"name":"a","resourceVersion":"1"},"spec":{}}
      """;

  private static final String SLICE =
      """
      {"metadata":{"name":"a","resourceVersion":"1"},"spec":{"driver":"a.b","nodeName":"n",
       "pool":{"name":"p","generation":1,"resourceSliceCount":1},"devices":[{"name":"d"}]}}
      """;

  private static final String ALLOCATED =
      """
      {"metadata":{"name":"a","namespace":"b","resourceVersion":"1"},"spec":{"devices":{"requests":[
       {"name":"r","exactly":{"deviceClassName":"c","allocationMode":"ExactCount","count":1}}]}},
       "status":{"allocation":{"devices":{"results":[
        {"request":"r","driver":"a.b","pool":"p","device":"d"}]}}}}
      """;

  private static Struct json(String text) {
    return Json.struct(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Object element(String text, int number) {
    String numbered = text.replace('\'', '"').replace("#", Integer.toString(number));
    return Json.parse(numbered.getBytes(StandardCharsets.UTF_8));
  }

  private static List<Object> elements(String text, int count) {
    List<Object> elements = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      elements.add(element(text, i));
    }
    return List.copyOf(elements);
  }

  private static String errors(String kind, Struct object) {
    return switch (kind) {
      case "claim" -> Validation.create(resource("resourceclaims"), object).toString();
      case "class" -> Validation.create(resource("deviceclasses"), object).toString();
      case "slice" -> Validation.create(resource("resourceslices"), object).toString();
      default ->
          Validation.subresourceUpdate(resource("resourceclaims"), "status", object, json(CLAIM))
              .toString();
    };
  }

  private static Resource resource(String plural) {
    return Objects.resource("resource.k8s.io/v1/" + plural);
  }

  private static Struct start(String kind) {
    return json(
        switch (kind) {
          case "claim" -> CLAIM;
          case "class" -> CLASS;
          case "slice" -> SLICE;
          default -> ALLOCATED;
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "claim; spec.devices.requests; 32;"
            + " {'name':'r#','exactly':{'deviceClassName':'c','allocationMode':'All'}}",
        "claim; spec.devices.constraints; 32; {'matchAttribute':'a.b/c'}",
        "claim; spec.devices.config; 32; {'opaque':{'driver':'a.b','parameters':{}}}",
        "class; spec.selectors; 32; {'cel':{'expression':'true'}}",
        "class; spec.config; 32; {'opaque':{'driver':'a.b','parameters':{}}}",
        "slice; spec.devices; 128; {'name':'d#'}",
        "slice; spec.devices; 64;" + " {'name':'d#','taints':[{'key':'a','effect':'NoSchedule'}]}",
        "status; status.allocation.devices.results; 32;"
            + " {'request':'r','driver':'a.b','pool':'p','device':'d#'}",
        "status; status.allocation.devices.config; 64;"
            + " {'source':'FromClass','opaque':{'driver':'a.b','parameters':{}}}",
        "status; status.reservedFor; 256; {'resource':'pods','name':'p','uid':'u#'}",
      })
  void listsHaveAnEnd(String kind, String path, int most, String element) {
    String[] steps = path.split("\\.");
    Struct start = start(kind);

    assertThat(errors(kind, start.withAt(elements(element, most), steps))).isEqualTo("[]");
    assertThat(errors(kind, start.withAt(elements(element, most + 1), steps)))
        .contains(path + ": Too many: " + (most + 1) + ": must have at most " + most + " items");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "claim; spec.devices.requests; [{'name':'r','firstAvailable':@}]; 8;"
            + " {'name':'s#','deviceClassName':'c','allocationMode':'All'}; firstAvailable",
        "claim; spec.devices.requests;"
            + " [{'name':'r','exactly':{'deviceClassName':'c','allocationMode':'All','selectors':@}}];"
            + " 32; {'cel':{'expression':'true'}}; selectors",
        "claim; spec.devices.requests;"
            + " [{'name':'r','exactly':{'deviceClassName':'c','allocationMode':'All','tolerations':@}}];"
            + " 16; {'operator':'Exists','key':'k#'}; tolerations",
        "slice; spec.devices; [{'name':'d','consumesCounters':@}]; 2;"
            + " {'counterSet':'s#','counters':{'c':{'value':'1'}}}; consumesCounters",
        "slice; spec.devices; [{'name':'d','bindingConditions':@,'bindingFailureConditions':['f']}];"
            + " 4; 'c#'; bindingConditions",
        "slice; spec.devices; [{'name':'d','taints':@}]; 16;"
            + " {'key':'k#','effect':'NoSchedule'}; taints",
      })
  void listsInListsHaveAnEnd(
      String kind, String path, String outer, int most, String element, String name) {
    String[] steps = path.split("\\.");
    Struct start = start(kind);

    Struct full = start.withAt(nested(outer, elements(element, most)), steps);
    assertThat(errors(kind, full)).isEqualTo("[]");
    Struct over = start.withAt(nested(outer, elements(element, most + 1)), steps);
    assertThat(errors(kind, over))
        .contains(name + ": Too many: " + (most + 1) + ": must have at most " + most + " items");
  }

  private static Object nested(String outer, List<Object> inner) {
    String text = outer.replace('\'', '"').replace("@", Json.text(inner));
    return Json.parse(text.getBytes(StandardCharsets.UTF_8));
  }
}
