package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The status of custom objects: what its writer says, and until then what the schema has for it.
class CustomStatusTest {

  private static final String DEFINITIONS =
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

  private static final String THINGS = "/apis/example.com/v1/namespaces/default/things";

  private final RunningServer server;
  private final Wire wire;

  CustomStatusTest() throws IOException {
    server = new RunningServer();
    wire = new Wire(server);
  }

  @AfterEach
  void close() {
    server.close();
  }

  /// Defines things of which it is not known whether they are accepted, if nothing says so.
  private void define(String subresources) throws Exception {
    wire.post(
        DEFINITIONS,
        """
        {'apiVersion':'apiextensions.k8s.io/v1','kind':'CustomResourceDefinition',
         'metadata':{'name':'things.example.com'},
         'spec':{'group':'example.com','scope':'Namespaced','names':{'plural':'things','kind':'Thing'},
          'versions':[{'name':'v1','served':true,'storage':true,'subresources':{%s},
           'schema':{'openAPIV3Schema':{'type':'object','properties':{
             'spec':{'type':'object','properties':{'size':{'type':'integer','default':3}}},
             'status':{'type':'object','default':{'phase':'Waiting'},'properties':{
               'phase':{'type':'string'},'tries':{'type':'integer','default':1}}}}}}}]}}
        """
            .formatted(subresources));
    try (Wire.Frames frames = wire.watch(DEFINITIONS + "?watch=1&resourceVersion=0")) {
      Struct object = frames.next().struct("object");
      while (!Meta.isTrue(object, "Established")
          || !object.string("metadata", "name").equals("things.example.com")) {
        object = frames.next().struct("object");
      }
    }
  }

  private static String thing(String status) {
    return "{'apiVersion':'example.com/v1','kind':'Thing','metadata':{'name':'a'},'spec':{}%s}"
        .formatted(status);
  }

  private static String text(Struct object) {
    return object.struct("status").toString();
  }

  private static final String WAITING = "{\"phase\":\"Waiting\",\"tries\":1}";

  @Test
  void aNewObjectHasTheDefaultsOfItsStatusWhateverItCameWith() throws Exception {
    define("'status':{}");
    Struct dry = wire.post(THINGS + "?dryRun=All", thing("")).json();
    assertThat(text(dry)).isEqualTo(WAITING);

    Struct created = wire.post(THINGS, thing(",'status':{'phase':'Done','tries':7}")).json();

    assertThat(text(created)).isEqualTo(WAITING);
    assertThat(wire.get(THINGS + "/a").json()).isEqualTo(created);
    assertThat(wire.get(THINGS).json().structs("items")).containsExactly(created);
    try (Wire.Frames frames = wire.watch(THINGS + "?watch=1&resourceVersion=0")) {
      assertThat(frames.next().struct("object")).isEqualTo(created);
    }
  }

  @Test
  void whatIsWrittenStaysAndAWriterOfTheRestChangesNothingOfIt() throws Exception {
    define("'status':{}");
    wire.post(THINGS, thing(""));
    Struct told =
        wire.patch("merge-patch", THINGS + "/a/status", "{'status':{'phase':'Done'}}").json();
    assertThat(text(told)).isEqualTo("{\"phase\":\"Done\",\"tries\":1}");

    Struct changed =
        wire.patch("merge-patch", THINGS + "/a", "{'spec':{'size':5},'status':null}").json();

    assertThat(changed.integer("spec", "size")).isEqualTo(5);
    assertThat(text(changed)).isEqualTo(text(told));
    Struct emptied = wire.patch("merge-patch", THINGS + "/a/status", "{'status':null}").json();
    assertThat(text(emptied)).as("a status that is taken away is as if new").isEqualTo(WAITING);
  }

  @Test
  void withoutASubresourceTheStatusIsAFieldLikeOthers() throws Exception {
    define("");

    Struct created = wire.post(THINGS, thing(",'status':{'phase':'Done'}")).json();

    assertThat(text(created)).isEqualTo("{\"phase\":\"Done\",\"tries\":1}");
  }
}
