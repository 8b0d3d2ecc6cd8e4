package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The life of an object of a kind, by every verb that it has.
class VerbsTest {

  private static final List<String> CORE =
      List.of(
          "configmaps",
          "limitranges",
          "persistentvolumeclaims",
          "persistentvolumes",
          "replicationcontrollers",
          "secrets");

  private static final List<String> APPS =
      List.of("controllerrevisions", "daemonsets", "deployments", "replicasets", "statefulsets");

  private static final List<String> CLUSTER =
      List.of(
          "csidrivers",
          "csinodes",
          "persistentvolumes",
          "priorityclasses",
          "storageclasses",
          "volumeattachments",
          "volumeattributesclasses");

  /// Jobs and ReplicationControllers would leave their Pods behind if nothing were said.
  private static final String BACKGROUND = "{'propagationPolicy':'Background'}";

  /// The Pods that a workload of the table makes.
  private static final String TEMPLATE =
      "'template':{'metadata':{'labels':{'app':'a'}},'spec':{'containers':[{'name':'c','image':'i'}]}}";

  private static final String SELECTOR = "'selector':{'matchLabels':{'app':'a'}}";

  private static final String ENDING =
      "'template':{'spec':{'restartPolicy':'Never','containers':[{'name':'c','image':'i'}]}}";

  private final RunningServer server;
  private final Wire wire;

  VerbsTest() throws IOException {
    server = new RunningServer();
    wire = new Wire(server);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private static String path(String resource) {
    String group =
        switch (resource) {
          case String core when CORE.contains(core) -> "/api/v1/";
          case String apps when APPS.contains(apps) -> "/apis/apps/v1/";
          case "cronjobs", "jobs" -> "/apis/batch/v1/";
          case "horizontalpodautoscalers" -> "/apis/autoscaling/v2/";
          case "poddisruptionbudgets" -> "/apis/policy/v1/";
          case "priorityclasses" -> "/apis/scheduling.k8s.io/v1/";
          default -> "/apis/storage.k8s.io/v1/";
        };
    boolean isOfTheCluster = CLUSTER.contains(resource);
    return group + (isOfTheCluster ? "" : "namespaces/default/") + resource;
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
            "{'metadata':{'name':'%s','labels':{'test':'a'}},%s}"
                .formatted(
                    name,
                    rest.replace("SELECTOR", SELECTOR)
                        .replace("TEMPLATE", TEMPLATE)
                        .replace("ENDING", ENDING)));
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
          controllerrevisions      ; 'revision':1,'data':{'spec':{}}
          cronjobs                 ; 'spec':{'schedule':'* */1 * * ?','jobTemplate':{'spec':{ENDING}}}
          daemonsets               ; 'spec':{SELECTOR,TEMPLATE}
          deployments              ; 'spec':{SELECTOR,TEMPLATE}
          horizontalpodautoscalers ; 'spec':{'maxReplicas':3,'scaleTargetRef':{'apiVersion':'apps/v1','kind':'Deployment','name':'a'}}
          jobs                     ; 'spec':{'suspend':true,ENDING}
          limitranges              ; 'spec':{'limits':[{'type':'Container','default':{'cpu':'1'}}]}
          poddisruptionbudgets     ; 'spec':{SELECTOR,'minAvailable':'1%'}
          priorityclasses          ; 'value':7
          replicasets              ; 'spec':{SELECTOR,TEMPLATE}
          replicationcontrollers   ; 'spec':{'selector':{'app':'a'},TEMPLATE}
          statefulsets             ; 'spec':{SELECTOR,'serviceName':'a',TEMPLATE}
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

      assertThat(wire.delete(collection + "/a", BACKGROUND).code()).isEqualTo(200);
      assertThat(watch.next().string("type")).isEqualTo("ADDED"); // the second one
      assertThat(watch.next().string("type")).isEqualTo("MODIFIED");
      assertThat(watch.next().string("type")).isEqualTo("MODIFIED");
      // Volumes and claims are protected: their finalizer is another part's to take away.
      boolean isProtected = !put.json().list("metadata", "finalizers").isEmpty();
      assertThat(watch.next().string("type")).isEqualTo(isProtected ? "MODIFIED" : "DELETED");
    }

    String both = collection + "?labelSelector=test=a";
    assertThat(wire.delete(both, BACKGROUND).code()).isEqualTo(200);
    for (Struct left : wire.get(both).json().structs("items")) {
      assertThat(left.string("metadata", "deletionTimestamp")).isNotEmpty();
      wire.patch(
          "merge-patch",
          collection + "/" + left.string("metadata", "name"),
          "{'metadata':{'finalizers':null}}");
    }
    assertThat(names(wire.get(both))).isEmpty();
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
          cronjobs                ; 'spec':{'schedule':'* */1 * * ?','jobTemplate':{'spec':{ENDING}}} ; {'lastScheduleTime':'2026-01-01T00:00:00Z'} ; lastScheduleTime
          daemonsets              ; 'spec':{SELECTOR,TEMPLATE} ; {'currentNumberScheduled':1,'numberMisscheduled':0,'desiredNumberScheduled':1,'numberReady':0,'conditions':[{'type':'T','status':'True'}]} ; conditions
          deployments             ; 'spec':{SELECTOR,TEMPLATE} ; {'conditions':[{'type':'T','status':'True','reason':'R'}]} ; conditions
          horizontalpodautoscalers ; 'spec':{'maxReplicas':3,'scaleTargetRef':{'apiVersion':'apps/v1','kind':'Deployment','name':'a'}} ; {'currentReplicas':1,'desiredReplicas':2} ; currentReplicas
          jobs                    ; 'spec':{ENDING} ; {'startTime':'2026-01-01T00:00:00Z'} ; startTime
          poddisruptionbudgets    ; 'spec':{SELECTOR,'minAvailable':1} ; {'disruptedPods':{'p':'2026-01-01T00:00:00Z'},'disruptionsAllowed':0,'currentHealthy':1,'desiredHealthy':1,'expectedPods':1} ; disruptedPods
          replicasets             ; 'spec':{SELECTOR,TEMPLATE} ; {'replicas':1,'conditions':[{'type':'T','status':'True'}]} ; conditions
          replicationcontrollers  ; 'spec':{'selector':{'app':'a'},TEMPLATE} ; {'replicas':1,'conditions':[{'type':'T','status':'True'}]} ; conditions
          statefulsets            ; 'spec':{SELECTOR,'serviceName':'a',TEMPLATE} ; {'replicas':1,'conditions':[{'type':'T','status':'True'}]} ; conditions
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

  @ParameterizedTest
  @ValueSource(strings = {"deployments", "replicasets", "replicationcontrollers", "statefulsets"})
  void aScaleIsReadWrittenAndPatched(String resource) throws Exception {
    String selector =
        resource.equals("replicationcontrollers") ? "'selector':{'app':'a'}" : "SELECTOR";
    create(resource, "a", "'spec':{'replicas':1,%s,TEMPLATE}".formatted(selector));
    String own = path(resource) + "/a";

    Struct scale = wire.get(own + "/scale").json();
    assertThat(scale.string("kind")).isEqualTo("Scale");
    assertThat(scale.integer("spec", "replicas")).isEqualTo(1);
    assertThat(scale.string("status", "selector")).isEqualTo("app=a");

    Wire.Answer put = wire.put(own + "/scale", text(scale.withAt(2L, "spec", "replicas")));
    assertThat(put.json().integer("spec", "replicas")).isEqualTo(2);
    assertThat(wire.put(own + "/scale", text(scale.withAt(3L, "spec", "replicas"))).code())
        .as("a scale of before")
        .isEqualTo(409);
    assertThat(wire.get(own).json().integer("spec", "replicas")).isEqualTo(2);

    Wire.Answer patched = wire.patch("merge-patch", own + "/scale", "{'spec':{'replicas':4}}");
    assertThat(patched.json().integer("spec", "replicas")).isEqualTo(4);
    assertThat(wire.get(own).json().integer("spec", "replicas")).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"configmaps", "secrets"})
  void whatIsMadeImmutableStaysUntilItIsDeleted(String resource) throws Exception {
    Struct created = create(resource, "fixed", "'data':{'a':'b25l'}");
    String path = path(resource) + "/fixed";
    Wire.Answer fixed = wire.put(path, text(created.with("immutable", true)));
    assertThat(fixed.code()).isEqualTo(200);

    for (Struct change :
        List.of(
            fixed.json().withAt("dHdv", "data", "a"),
            fixed.json().without("data"),
            fixed.json().with("immutable", false),
            fixed.json().without("immutable"))) {
      Wire.Answer refused = wire.put(path, text(change));
      assertThat(refused.code()).isEqualTo(422);
      assertThat(refused.json().string("message"))
          .contains("field is immutable when `immutable` is set");
    }
    assertThat(wire.put(path, text(fixed.json().withAt("new", "metadata", "labels", "x"))).code())
        .isEqualTo(200);
    assertThat(wire.delete(path, "{}").code()).isEqualTo(200);
  }

  @Test
  void thePriorityOfAClassStays() throws Exception {
    create("priorityclasses", "a", "'value':7");
    String own = path("priorityclasses") + "/a";

    Wire.Answer patched = wire.patch("merge-patch", own, "{'value':8}");
    assertThat(patched.code()).isEqualTo(422);
    assertThat(patched.message()).contains("value: Forbidden: may not be changed in an update.");
    Struct now = wire.get(own).json();
    assertThat(wire.put(own, text(now.with("value", 8L))).code()).isEqualTo(422);
    assertThat(wire.put(own, text(now.with("description", "d"))).code()).isEqualTo(200);
  }
}
