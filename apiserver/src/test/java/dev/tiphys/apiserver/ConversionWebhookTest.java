package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.ListOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.schema.GroupVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Versions of custom resources between which a webhook converts: what v1 calls `host` and `port`
/// is one `address` in v2.
class ConversionWebhookTest {

  private static final String DEFINITIONS =
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  private static final String DEFINITION = DEFINITIONS + "/things.example.com";
  private static final String FIRST = "/apis/example.com/v1/namespaces/default/things";
  private static final String SECOND = "/apis/example.com/v2/namespaces/default/things";

  private static final String VERSION =
      """
      {'name':'%s','served':true,'storage':%s,'schema':{'openAPIV3Schema':{'type':'object',
       'properties':{'spec':{'type':'object','properties':{%s}}}}}}
      """;
  private static final String HOST_AND_PORT = "'host':{'type':'string'},'port':{'type':'string'}";
  private static final String ADDRESS = "'address':{'type':'string'}";

  private final RunningServer server;
  private final Wire wire;
  private final WebhookServer webhook;
  private final AtomicInteger asked = new AtomicInteger();

  ConversionWebhookTest() throws Exception {
    server = new RunningServer();
    wire = new Wire(server);
    webhook = new WebhookServer(this::convert);
  }

  @AfterEach
  void close() {
    webhook.close();
    server.close();
  }

  private Struct convert(Struct review) {
    asked.incrementAndGet();
    Struct request = review.struct("request");
    List<Object> converted = new ArrayList<>();
    for (Struct object : request.structs("objects")) {
      converted.add(converted(object, request.string("desiredAPIVersion")));
    }
    return review
        .without("request")
        .with(
            "response",
            Struct.of(
                "uid",
                request.string("uid"),
                "result",
                Struct.of("status", "Success"),
                "convertedObjects",
                List.copyOf(converted)));
  }

  private static Struct converted(Struct object, String apiVersion) {
    Struct spec = object.struct("spec");
    Struct next;
    if (apiVersion.endsWith("v2")) {
      next = Struct.of("address", spec.string("host") + ":" + spec.string("port"));
    } else {
      String[] parts = spec.string("address").split(":");
      next = Struct.of("host", parts[0], "port", parts[1]);
    }
    return object.with("apiVersion", apiVersion).with("spec", next);
  }

  private void establish(String clientConfig, String stored) throws Exception {
    String definition =
        """
        {'apiVersion':'apiextensions.k8s.io/v1','kind':'CustomResourceDefinition',
         'metadata':{'name':'things.example.com'},
         'spec':{'group':'example.com','scope':'Namespaced','names':{'plural':'things','kind':'Thing'},
          'conversion':{'strategy':'Webhook','webhook':{'conversionReviewVersions':['v1'],
           'clientConfig':{%s,'caBundle':'%s'}}},
          'versions':[%s,%s]}}
        """
            .formatted(
                clientConfig,
                webhook.caBundle(),
                VERSION.formatted("v1", stored.equals("v1"), HOST_AND_PORT),
                VERSION.formatted("v2", stored.equals("v2"), ADDRESS));
    Wire.Answer created = wire.post(DEFINITIONS, definition);
    assertThat(created.code()).as(created.text()).isEqualTo(201);
    while (!Meta.isTrue(wire.get(DEFINITION).json(), "Established")) {
      Thread.onSpinWait();
    }
  }

  private void establish() throws Exception {
    establish("'url':'" + webhook.url() + "'", "v1");
  }

  private static String first(String name) {
    return "{'apiVersion':'example.com/v1','kind':'Thing','metadata':{'name':'%s'},".formatted(name)
        + "'spec':{'host':'h','port':'1'}}";
  }

  @Test
  void eachVersionSeesItsOwnForm() throws Exception {
    establish();
    assertThat(wire.post(FIRST, first("a")).code()).isEqualTo(201);
    assertThat(asked).as("nothing to convert yet").hasValue(0);

    assertThat(wire.get(SECOND + "/a").json().struct("spec"))
        .isEqualTo(Struct.of("address", "h:1"));
    Wire.Answer created =
        wire.post(
            SECOND,
            first("b").replace("v1", "v2").replace("'host':'h','port':'1'", "'address':'x:2'"));
    assertThat(created.code()).as(created.text()).isEqualTo(201);
    assertThat(created.json().struct("spec")).isEqualTo(Struct.of("address", "x:2"));
    assertThat(wire.get(FIRST + "/b").json().struct("spec"))
        .isEqualTo(Struct.of("host", "x", "port", "2"));
    assertThat(wire.get(SECOND).json().structs("items"))
        .extracting(item -> item.string("spec", "address"))
        .containsExactly("h:1", "x:2");
    Wire.Answer patched = wire.patch("merge-patch", SECOND + "/a", "{'spec':{'address':'y:3'}}");
    assertThat(patched.code()).as(patched.text()).isEqualTo(200);
    assertThat(wire.get(FIRST + "/a").json().struct("spec"))
        .isEqualTo(Struct.of("host", "y", "port", "3"));
  }

  @Test
  void watchesConvertToo() throws Exception {
    establish();
    wire.post(FIRST, first("a"));

    try (Wire.Frames frames = wire.watch(SECOND + "?watch=1&resourceVersion=0")) {
      assertThat(frames.next().string("object", "spec", "address")).isEqualTo("h:1");
      wire.patch("merge-patch", FIRST + "/a", "{'spec':{'port':'2'}}");
      assertThat(frames.next().string("object", "spec", "address")).isEqualTo("h:2");
    }
  }

  @Test
  void whatCannotBeConvertedDoesNotSeemToBeGone() throws Exception {
    establish();
    wire.post(FIRST, first("a"));
    webhook.answers(
        review ->
            convert(review)
                .withAt(
                    Struct.of("status", "Failure", "message", "out of order"),
                    "response",
                    "result"));

    Wire.Answer one = wire.get(SECOND + "/a");
    assertThat(one.code()).isEqualTo(500);
    assertThat(one.message())
        .contains("conversion webhook for example.com/v1, Kind=Thing failed: out of order");
    assertThat(wire.get(SECOND).code()).isEqualTo(500);
    assertThat(wire.get(FIRST).json().structs("items")).hasSize(1);
    webhook.answers(this::convert);
    assertThat(wire.get(SECOND).json().structs("items")).hasSize(1);
  }

  @Test
  void aWebhookChangesNothingOfTheMetadataButLabelsAndAnnotations() throws Exception {
    establish();
    wire.post(FIRST, first("a"));
    webhook.answers(
        review -> {
          Struct converted = convert(review);
          Struct object = converted.struct("response").structs("convertedObjects").getFirst();
          Struct changed =
              object
                  .withAt(Struct.of("by", "webhook"), "metadata", "labels")
                  .withAt(99L, "metadata", "generation");
          return converted.withAt(List.of(changed), "response", "convertedObjects");
        });

    Struct shown = wire.get(SECOND + "/a").json();
    assertThat(shown.string("metadata", "labels", "by")).isEqualTo("webhook");
    assertThat(Meta.of(shown).generation()).isEqualTo(1);

    webhook.answers(
        review -> {
          Struct converted = convert(review);
          Struct object = converted.struct("response").structs("convertedObjects").getFirst();
          return converted.withAt(
              List.of(object.withAt("other", "metadata", "name")), "response", "convertedObjects");
        });
    assertThat(wire.get(SECOND + "/a").message()).contains("must have the same name: a != other");
  }

  @Test
  void aWebhookBehindAServiceThatIsNotThereIsSaidToBeMissing() throws Exception {
    establish("'service':{'namespace':'default','name':'hook','path':'/convert'}", "v1");
    wire.post(FIRST, first("a"));
    assertThat(wire.get(SECOND + "/a").message()).contains("service \"hook\" not found");

    wire.post(
        "/api/v1/namespaces/default/services",
        "{'metadata':{'name':'hook'},'spec':{'ports':[{'name':'web','port':443}]}}");
    assertThat(wire.get(SECOND + "/a").message())
        .contains("no endpoints available for service \"hook\"");
  }

  @Test
  void metadataIsReadAndObjectsAreDeletedWithoutTheWebhook() throws Exception {
    establish();
    wire.post(FIRST, first("a"));
    wire.post(FIRST, first("b"));
    webhook.close();
    Api api = server.api("garbage-collector").ofMetadata();
    ApiResource second =
        new ApiResource(new GroupVersion("example.com", "v2"), "things", "Thing", true);

    assertThat(api.list(second, "", ListOptions.ALL).items())
        .extracting(item -> item.string("metadata", "name"))
        .containsExactly("a", "b");
    api.delete(second, "default", "a", DeleteOptions.DEFAULT);
    api.deleteCollection(second, "default", ListOptions.ALL, DeleteOptions.DEFAULT);

    assertThat(wire.get(FIRST).json().structs("items")).isEmpty();
  }

  @Test
  void oldObjectsAreDeletedWithTheirDefinitionWithoutTheWebhook() throws Exception {
    establish();
    wire.post(FIRST, first("a"));
    Wire.Answer moved =
        wire.patch(
            "json-patch",
            DEFINITION,
            "[{'op':'replace','path':'/spec/versions/0/storage','value':false},"
                + "{'op':'replace','path':'/spec/versions/1/storage','value':true}]");
    assertThat(moved.json().struct("status").strings("storedVersions")).containsExactly("v1", "v2");
    webhook.close();

    wire.delete(DEFINITION, "");

    while (wire.get(DEFINITION).code() != 404) {
      Thread.onSpinWait();
    }
  }
}
