package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What users of custom resources fell into elsewhere.
class DefinitionTrapsTest {

  private static final String DEFINITIONS =
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  private static final String DEFINITION = DEFINITIONS + "/things.example.com";
  private static final String THINGS = "/apis/example.com/v1/namespaces/default/things";

  private final RunningServer server;
  private final Wire wire;

  DefinitionTrapsTest() throws IOException {
    server = new RunningServer();
    wire = new Wire(server);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private static String version(String name, boolean storage, String spec, String status) {
    return """
        {'name':'%s','served':true,'storage':%s,'subresources':{'status':{}},
         'schema':{'openAPIV3Schema':{'type':'object','properties':{
          'spec':{'type':'object','properties':{%s}},
          'status':{'type':'object','properties':{%s}}}}}}
        """
        .formatted(name, storage, spec, status);
  }

  private static String definition(String... versions) {
    return """
        {'apiVersion':'apiextensions.k8s.io/v1','kind':'CustomResourceDefinition',
         'metadata':{'name':'things.example.com'},
         'spec':{'group':'example.com','scope':'Namespaced',
          'names':{'plural':'things','kind':'Thing'},'versions':[%s]}}
        """
        .formatted(String.join(",", versions));
  }

  private void establish(String... versions) throws Exception {
    Wire.Answer created = wire.post(DEFINITIONS, definition(versions));
    assertThat(created.code()).as(created.text()).isEqualTo(201);
    while (!Meta.isTrue(wire.get(DEFINITION).json(), "Established")) {
      Thread.onSpinWait();
    }
  }

  private static String thing(String spec) {
    return "{'apiVersion':'example.com/v1','kind':'Thing','metadata':{'name':'a'},'spec':{%s}}"
        .formatted(spec);
  }

  @Test
  void aNullIsDroppedBeforeDefaultsAreFilledIn() throws Exception {
    establish(
        version(
            "v1",
            true,
            "'first':{'type':'string','default':'d'},'second':{'type':'string'},"
                + "'third':{'type':'string','default':'d','nullable':true},"
                + "'any':{'type':'object','x-kubernetes-preserve-unknown-fields':true}",
            ""));
    String nulls = "'first':null,'second':null,'third':null";

    Struct created = wire.post(THINGS, thing(nulls + ",'any':{'x':null}")).json().struct("spec");
    assertThat(created.string("first")).isEqualTo("d");
    assertThat(created.has("second")).isFalse();
    assertThat(created.get("third")).isEqualTo(Null.NULL);
    assertThat(created.get("any", "x")).isEqualTo(Null.NULL);
    Struct patched =
        wire.patch("json-patch", THINGS + "/a", "[{'op':'add','path':'/spec/first','value':null}]")
            .json();
    assertThat(patched.string("spec", "first")).isEqualTo("d");
  }

  @Test
  void whatWasValidOnceMayStayOnBothEndpoints() throws Exception {
    String open = "'mode':{'type':'string'},'note':{'type':'string'}";
    establish(version("v1", true, open, open));
    wire.post(THINGS, thing("'mode':'old'"));
    wire.patch("merge-patch", THINGS + "/a/status", "{'status':{'mode':'old'}}");
    for (String part : new String[] {"spec", "status"}) {
      Wire.Answer tightened =
          wire.patch(
              "json-patch",
              DEFINITION,
              ("[{'op':'add','path':'/spec/versions/0/schema/openAPIV3Schema/properties/%s/properties"
                      + "/mode/enum','value':['new']}]")
                  .formatted(part));
      assertThat(tightened.code()).as(tightened.text()).isEqualTo(200);
    }
    while (wire.patch("merge-patch", THINGS + "/a?dryRun=All", "{'spec':{'mode':'bad'}}").code()
        != 422) {
      Thread.onSpinWait(); // until the new schema is served
    }

    assertThat(wire.patch("merge-patch", THINGS + "/a", "{'spec':{'note':'x'}}").code())
        .isEqualTo(200);
    Wire.Answer status = wire.patch("merge-patch", THINGS + "/a/status", "{'status':{'note':'x'}}");
    assertThat(status.code()).as(status.text()).isEqualTo(200);
    assertThat(wire.patch("merge-patch", THINGS + "/a/status", "{'status':{'mode':'bad'}}").code())
        .isEqualTo(422);
  }

  @Test
  void aVersionGoesOnceNothingIsStoredInItAnyMore() throws Exception {
    establish(version("v1", true, "", ""), version("v2", false, "", ""));
    wire.patch(
        "json-patch",
        DEFINITION,
        "[{'op':'replace','path':'/spec/versions/0/storage','value':false},"
            + "{'op':'replace','path':'/spec/versions/1/storage','value':true}]");
    assertThat(wire.get(DEFINITION).json().struct("status").strings("storedVersions"))
        .containsExactly("v1", "v2");
    String withoutFirst = "[{'op':'remove','path':'/spec/versions/0'}]";

    Wire.Answer refused = wire.patch("json-patch", DEFINITION, withoutFirst);
    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.message()).contains("status.storedVersions");
    String second = "{'status':{'storedVersions':['v2']}}";
    assertThat(wire.patch("merge-patch", DEFINITION, second).code()).isEqualTo(200);
    assertThat(wire.get(DEFINITION).json().struct("status").strings("storedVersions"))
        .as("the main endpoint leaves the status alone")
        .containsExactly("v1", "v2");

    assertThat(wire.patch("merge-patch", DEFINITION + "/status", second).code()).isEqualTo(200);
    assertThat(wire.patch("json-patch", DEFINITION, withoutFirst).code()).isEqualTo(200);
  }

  @Test
  void expressionsThatMayCostTooMuchAreRefused() throws Exception {
    String pairs =
        "'names':{'type':'array',%s'items':{'type':'string'%s},'x-kubernetes-validations':"
            + "[{'rule':'self.all(x, self.all(y, x == y || x != y))'}]}";
    Wire.Answer refused =
        wire.post(DEFINITIONS, definition(version("v1", true, pairs.formatted("", ""), "")));
    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.message())
        .contains(
            "x-kubernetes-validations[0].rule: Forbidden: estimated rule cost exceeds budget");

    establish(version("v1", true, pairs.formatted("'maxItems':20,", ",'maxLength':50"), ""));

    assertThat(wire.post(THINGS, thing("'names':['x','y']")).code()).isEqualTo(201);
  }
}
