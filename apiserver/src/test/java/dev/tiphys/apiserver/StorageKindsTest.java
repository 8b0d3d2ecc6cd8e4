package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The life of an object of each storage kind, by every verb that it has.
@Timeout(30)
class StorageKindsTest {

  private static final String STORAGE = "/apis/storage.k8s.io/v1/";

  private final RunningServer server;
  private final Wire wire;

  StorageKindsTest() throws IOException {
    server = new RunningServer();
    wire = new Wire(server);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private static String path(String resource) {
    return switch (resource) {
      case "persistentvolumes" -> "/api/v1/persistentvolumes";
      case "persistentvolumeclaims" -> "/api/v1/namespaces/default/persistentvolumeclaims";
      case "csistoragecapacities" -> STORAGE + "namespaces/default/csistoragecapacities";
      default -> STORAGE + resource;
    };
  }

  private static String everywhere(String resource) {
    return path(resource).replace("/namespaces/default", "");
  }

  private static List<String> names(Wire.Answer list) {
    return list.json().structs("items").stream().map(o -> o.string("metadata", "name")).toList();
  }

  private static String text(Struct object) {
    return new String(Json.bytes(object), StandardCharsets.UTF_8);
  }

  private Struct create(String resource, String name, String rest) throws Exception {
    Wire.Answer answer =
        wire.post(
            path(resource),
            "{'metadata':{'name':'%s','labels':{'test':'a'}},%s}".formatted(name, rest));
    assertThat(answer.code()).as(answer.json().toString()).isEqualTo(201);
    return answer.json();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      textBlock =
          """
          persistentvolumes        ; 'spec':{'capacity':{'storage':'1Gi'},'accessModes':['ReadWriteOnce'],'hostPath':{'path':'/x'}}
          persistentvolumeclaims   ; 'spec':{'accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'1Gi'}}}
          storageclasses           ; 'provisioner':'disks.example.com'
          volumeattachments        ; 'spec':{'attacher':'disks.example.com','nodeName':'n','source':{'persistentVolumeName':'v'}}
          csidrivers               ; 'spec':{'attachRequired':false}
          csinodes                 ; 'spec':{'drivers':[{'name':'disks.example.com','nodeID':'n'}]}
          csistoragecapacities     ; 'storageClassName':'disks','capacity':'1Gi','nodeTopology':{}
          volumeattributesclasses  ; 'driverName':'disks.example.com','parameters':{'iops':'1'}
          """)
  void anObjectLivesThroughEveryVerb(String resource, String rest) throws Exception {
    String collection = path(resource);
    Struct created = create(resource, "a", rest);
    create(resource, "b", rest);

    try (Wire.Frames watch =
        wire.watch(
            everywhere(resource)
                + "?watch=1&labelSelector=test=a&resourceVersion="
                + created.string("metadata", "resourceVersion"))) {
      assertThat(wire.get(collection + "/a").json().string("metadata", "uid"))
          .isEqualTo(created.string("metadata", "uid"));
      assertThat(names(wire.get(everywhere(resource) + "?labelSelector=test=a")))
          .containsExactly("a", "b");

      Wire.Answer patched =
          wire.patch(
              "merge-patch", collection + "/a", "{'metadata':{'annotations':{'by':'patch'}}}");
      assertThat(patched.code()).isEqualTo(200);
      Struct updated = patched.json().withAt("update", "metadata", "annotations", "by");
      Wire.Answer put = wire.put(collection + "/a", text(updated));
      assertThat(put.code()).as(put.json().toString()).isEqualTo(200);
      assertThat(put.json().string("metadata", "annotations", "by")).isEqualTo("update");

      assertThat(wire.delete(collection + "/a", "").code()).isEqualTo(200);
      assertThat(watch.next().string("type")).isEqualTo("ADDED"); // the second one
      assertThat(watch.next().string("type")).isEqualTo("MODIFIED");
      assertThat(watch.next().string("type")).isEqualTo("MODIFIED");
      // Volumes and claims are protected: their finalizer is another part's to take away.
      boolean isProtected = !put.json().list("metadata", "finalizers").isEmpty();
      assertThat(watch.next().string("type")).isEqualTo(isProtected ? "MODIFIED" : "DELETED");
    }

    assertThat(wire.delete(collection + "?labelSelector=test=a", "").code()).isEqualTo(200);
    for (Struct left : wire.get(collection).json().structs("items")) {
      assertThat(left.string("metadata", "deletionTimestamp")).isNotEmpty();
      wire.patch(
          "merge-patch",
          collection + "/" + left.string("metadata", "name"),
          "{'metadata':{'finalizers':null}}");
    }
    assertThat(names(wire.get(collection))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      textBlock =
          """
          persistentvolumes       ; 'spec':{'capacity':{'storage':'1Gi'},'accessModes':['ReadWriteOnce'],'hostPath':{'path':'/x'}} ; {'message':'m','reason':'r'}            ; message
          persistentvolumeclaims  ; 'spec':{'accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'1Gi'}}}           ; {'phase':'Bound'}                      ; phase
          volumeattachments       ; 'spec':{'attacher':'disks.example.com','nodeName':'n','source':{'persistentVolumeName':'v'}}  ; {'attached':true,'detachError':{'message':'m'}} ; detachError
          """)
  void aStatusIsWrittenByItself(String resource, String rest, String status, String field)
      throws Exception {
    create(resource, "a", rest);
    String own = path(resource) + "/a/status";

    Wire.Answer patched =
        wire.patch(
            "merge-patch", own, "{'metadata':{'labels':{'test':'b'}},'status':" + status + "}");
    assertThat(patched.code()).as(patched.json().toString()).isEqualTo(200);
    assertThat(patched.json().struct("status").has(field)).isTrue();
    Struct now = wire.get(own).json();
    assertThat(now.struct("status")).isEqualTo(patched.json().struct("status"));

    Wire.Answer put = wire.put(own, text(now.withAt("update", "metadata", "annotations", "by")));
    assertThat(put.code()).isEqualTo(200);
    // What is not status stays when an object is written as a whole.
    wire.patch("merge-patch", path(resource) + "/a", "{'status':{'" + field + "':null}}");
    assertThat(wire.get(path(resource) + "/a").json().struct("status").has(field)).isTrue();
  }
}
