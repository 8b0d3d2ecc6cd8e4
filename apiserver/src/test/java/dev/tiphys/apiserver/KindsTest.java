package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What is special to single kinds, and to what lies below their objects.
class KindsTest {

  private static final String PODS = "/api/v1/namespaces/default/pods";
  private static final String SERVICES = "/api/v1/namespaces/default/services";
  private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";

  private final RunningServer server;
  private final Wire wire;

  KindsTest() throws IOException {
    server = new RunningServer();
    wire = new Wire(server);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private Wire.Answer pod(String name, String labels, String more) throws Exception {
    return wire.post(
        PODS,
        "{'metadata':{'name':'"
            + name
            + "','labels':{"
            + labels
            + "}},'spec':{'containers':[{'name':'c','image':'i'}]"
            + more
            + "}}");
  }

  private Wire.Answer bind(String pod, String named, String target) throws Exception {
    return wire.post(
        PODS + "/" + pod + "/binding",
        "{'metadata':{'name':'" + named + "'},'target':" + target + "}");
  }

  @Nested
  class Pods {
    private void node() throws Exception {
      wire.post(
          "/api/v1/nodes",
          "{'metadata':{'name':'n','labels':{'topology.kubernetes.io/zone':'z',"
              + "'topology.kubernetes.io/region':'r','other':'o'}}}");
    }

    @Test
    void takeTheirPlaceInTheWorldFromTheNodeTheyAreBoundTo() throws Exception {
      node();
      pod("a", "'topology.kubernetes.io/region':'mine'", "");

      assertThat(bind("a", "a", "{'kind':'Node','name':'n'}").code()).isEqualTo(201);

      Struct labels = wire.get(PODS + "/a").json().struct("metadata", "labels");
      assertThat(labels.string("topology.kubernetes.io/zone")).isEqualTo("z");
      assertThat(labels.string("topology.kubernetes.io/region")).isEqualTo("r");
      assertThat(labels.has("other")).isFalse();
    }

    @Test
    void keepTheirGenerationWhenTheyAreBound() throws Exception {
      pod("a", "", "");
      wire.patch("merge-patch", PODS + "/a/status", "{'status':{'nominatedNodeName':'elsewhere'}}");

      wire.post(
          PODS + "/a/binding",
          "{'metadata':{'name':'a','labels':{'l':'1'},'annotations':{'n':'2'}},"
              + "'target':{'name':'n'}}");

      Struct bound = wire.get(PODS + "/a").json();
      assertThat(bound.integer("metadata", "generation")).isEqualTo(1);
      assertThat(bound.string("metadata", "labels", "l")).isEqualTo("1");
      assertThat(bound.string("metadata", "annotations", "n")).isEqualTo("2");
      assertThat(bound.has("status", "nominatedNodeName")).isFalse();
    }

    @Test
    void takeTheirPlaceInTheWorldFromTheNodeTheyAreMadeFor() throws Exception {
      node();

      assertThat(
              pod("a", "", ",'nodeName':'n'")
                  .json()
                  .string("metadata", "labels", "topology.kubernetes.io/zone"))
          .isEqualTo("z");
    }

    @Test
    void areBoundToNodesThatExistInTheRequest() throws Exception {
      pod("a", "", "");

      assertThat(bind("a", "b", "{'name':'n'}").message())
          .isEqualTo("name in URL does not match name in Binding object");
      assertThat(bind("a", "a", "{'kind':'Rock','name':'n'}").message())
          .isEqualTo(
              "target.kind: Unsupported value: \"Rock\": supported values: \"Node\", \"<empty>\"");
      assertThat(bind("a", "a", "{}").message()).isEqualTo("target.name: Required value");
    }

    @Test
    void areEvictedUnderTheirOwnName() throws Exception {
      pod("a", "", "");

      assertThat(wire.post(PODS + "/a/eviction", "{'metadata':{'name':'b'}}").message())
          .isEqualTo("name in URL does not match name in Eviction object");
      assertThat(wire.post(PODS + "/a/eviction", "{'metadata':{'name':'a'}}").code())
          .isEqualTo(201);
      assertThat(wire.get(PODS + "/a").code()).isEqualTo(404);
    }

    @Test
    void changeOnlyInWhatMayChange() throws Exception {
      pod("a", "", "");
      String path = PODS + "/a";

      assertThat(
              wire.patch(
                      "strategic-merge-patch",
                      path,
                      "{'spec':{'containers':[{'name':'c','image':'j'}]}}")
                  .code())
          .isEqualTo(200);
      assertThat(wire.patch("merge-patch", path, "{'spec':{'hostname':'h'}}").message())
          .startsWith(
              "Pod \"a\" is invalid: spec: Forbidden: pod updates may not change fields other than"
                  + " `spec.containers[*].image`,");
    }

    @Test
    void haveLogsThatCanBeAskedForSensibly() throws Exception {
      pod("a", "", "");

      assertThat(wire.get(PODS + "/a/log?tailLines=-1").message())
          .isEqualTo(
              "PodLogOptions \"a\" is invalid: tailLines: Invalid value: -1: must be greater than or"
                  + " equal to 0");
      assertThat(wire.get(PODS + "/a/log?limitBytes=0").message())
          .endsWith("limitBytes: Invalid value: 0: must be greater than 0");
      assertThat(wire.get(PODS + "/a/log?sinceSeconds=1&sinceTime=2026-01-01T00:00:00Z").message())
          .endsWith("Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified");
      assertThat(wire.get(PODS + "/a/log?stream=Both").code()).isEqualTo(422);
      assertThat(wire.get(PODS + "/a/log?tailLines=many").code()).isEqualTo(400);
      assertThat(wire.get(PODS + "/a/log").code()).isEqualTo(204);
    }
  }

  @Nested
  class Services {
    private Wire.Answer service(String name, String spec) throws Exception {
      return wire.post(
          SERVICES,
          "{'metadata':{'name':'" + name + "'},'spec':{'ports':[{'port':80" + spec + "}}");
    }

    @Test
    void haveAnAddressOfTheClustersRange() throws Exception {
      assertThat(service("a", "}]").json().string("spec", "clusterIP")).startsWith("10.");

      assertThat(service("b", "}],'clusterIP':'10.96.0.1'").message())
          .isEqualTo(
              "Service \"b\" is invalid: spec.clusterIPs: Invalid value: [\"10.96.0.1\"]: failed to"
                  + " allocate IP 10.96.0.1: provided IP is already allocated");
      assertThat(service("b", "}],'clusterIP':'192.0.2.1'").message())
          .endsWith(
              "failed to allocate IP 192.0.2.1: the provided IP (192.0.2.1) is not in the valid range."
                  + " The range of valid IPs is 10.96.0.0/12");
      assertThat(service("b", "}],'clusterIP':'10.96.0.0'").message())
          .endsWith(
              "the provided IP (10.96.0.0) is not in the valid range. The range of valid IPs is"
                  + " 10.96.0.0/12");
      assertThat(wire.get(SERVICES + "/b").code()).isEqualTo(404);
    }

    @Test
    void haveNodePortsOfTheirOwn() throws Exception {
      String type = "}],'type':'NodePort'";
      assertThat(service("a", ",'nodePort':30080" + type).code()).isEqualTo(201);

      assertThat(service("b", ",'nodePort':30080" + type).message())
          .isEqualTo(
              "Service \"b\" is invalid: spec.ports[0].nodePort: Invalid value: 30080: provided port"
                  + " is already allocated");
      assertThat(service("b", ",'nodePort':80" + type).message())
          .endsWith(
              "provided port is not in the valid range. The range of valid ports is 30000-32767");
      assertThat(
              wire.patch("merge-patch", SERVICES + "/a", "{'metadata':{'labels':{'x':'y'}}}")
                  .json()
                  .structs("spec", "ports")
                  .getFirst()
                  .integer("nodePort"))
          .isEqualTo(30080);
    }

    @Test
    void loseTheirAddressWhenTheyStandForANameElsewhere() throws Exception {
      service("a", "}]");

      Struct named =
          wire.patch(
                  "merge-patch",
                  SERVICES + "/a",
                  "{'spec':{'type':'ExternalName','externalName':'example.com'}}")
              .json();
      assertThat(named.has("spec", "clusterIP")).isFalse();
      assertThat(
              wire.patch(
                      "merge-patch",
                      SERVICES + "/a",
                      "{'spec':{'type':'ClusterIP','externalName':null}}")
                  .json()
                  .string("spec", "clusterIP"))
          .isNotEmpty();
    }
  }

  @Nested
  class Deployments {
    private void create() throws Exception {
      wire.post(
          DEPLOYMENTS,
          "{'metadata':{'name':'a'},'spec':{'selector':{'matchLabels':{'a':'b'}},'template':"
              + "{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{'name':'c','image':'i'}]}}}}");
    }

    @Test
    void areScaledToANumberThatCanBe() throws Exception {
      create();
      String scale = DEPLOYMENTS + "/a/scale";

      assertThat(
              wire.put(scale, "{'metadata':{'name':'a'},'spec':{'replicas':3}}")
                  .json()
                  .integer("spec", "replicas"))
          .isEqualTo(3);
      assertThat(wire.put(scale, "{'metadata':{'name':'a'},'spec':{'replicas':-1}}").message())
          .isEqualTo(
              "Scale.autoscaling \"a\" is invalid: spec.replicas: Invalid value: -1: must be greater"
                  + " than or equal to 0");
      assertThat(
              wire.put(
                      scale,
                      "{'metadata':{'name':'a','resourceVersion':'1'},'spec':{'replicas':2}}")
                  .code())
          .isEqualTo(409);
    }

    @Test
    void arePatchedByTheNamesInTheirLists() throws Exception {
      create();
      String path = DEPLOYMENTS + "/a";
      String strategic = "strategic-merge-patch";
      wire.patch(
          strategic,
          path,
          "{'metadata':{'finalizers':['x/a','x/b']},'spec':{'template':{'spec':{'containers':["
              + "{'name':'c','env':[{'name':'A','value':'1'},{'name':'B','value':'2'}]},"
              + "{'name':'d','image':'i'}]}}}}");

      Struct patched =
          wire.patch(
                  strategic,
                  path,
                  "{'metadata':{'$deleteFromPrimitiveList/finalizers':['x/a']},'spec':{"
                      + "'strategy':{'$retainKeys':['type'],'type':'Recreate'},'template':{'spec':{"
                      + "'$setElementOrder/containers':[{'name':'d'},{'name':'c'}],'containers':["
                      + "{'name':'c','env':[{'name':'A','$patch':'delete'}]}]}}}}")
              .json();

      assertThat(patched.struct("metadata").strings("finalizers")).containsExactly("x/b");
      assertThat(patched.struct("spec", "strategy")).isEqualTo(Struct.of("type", "Recreate"));
      List<Struct> containers = patched.structs("spec", "template", "spec", "containers");
      assertThat(containers).extracting(c -> c.string("name")).containsExactly("d", "c");
      assertThat(containers.getLast().structs("env"))
          .containsExactly(Struct.of("name", "B", "value", "2"));
      assertThat(
              wire.patch(
                      strategic,
                      path,
                      "{'spec':{'template':{'spec':{'containers':[{'image':'j'}]}}}}")
                  .code())
          .isEqualTo(400);
    }

    @Test
    void keepTheirSelector() throws Exception {
      create();

      assertThat(
              wire.patch(
                      "merge-patch",
                      DEPLOYMENTS + "/a",
                      "{'spec':{'selector':{'matchLabels':{'a':'c'}},'template':{'metadata':"
                          + "{'labels':{'a':'c'}}}}}")
                  .message())
          .isEqualTo(
              "Deployment.apps \"a\" is invalid: spec.selector: Invalid value:"
                  + " {\"matchLabels\":{\"a\":\"c\"}}: field is immutable");
    }
  }

  @Nested
  class Namespaces {
    @Test
    void ofTheSystemStay() throws Exception {
      assertThat(wire.delete("/api/v1/namespaces/kube-system", "").message())
          .isEqualTo("namespaces \"kube-system\" is forbidden: this namespace may not be deleted");
    }

    @Test
    void thatAreGoingTakeNothingNew() throws Exception {
      wire.post("/api/v1/namespaces", "{'metadata':{'name':'team'}}");
      wire.delete("/api/v1/namespaces/team", "");

      Wire.Answer answer =
          wire.post("/api/v1/namespaces/team/configmaps", "{'metadata':{'name':'a'}}");
      assertThat(answer.code()).isEqualTo(403);
      assertThat(answer.message())
          .isEqualTo(
              "configmaps \"a\" is forbidden: unable to create new content in namespace team because"
                  + " it is being terminated");
      assertThat(answer.json().structs("details", "causes").getFirst().string("reason"))
          .isEqualTo("NamespaceTerminating");
      assertThat(
              wire.post("/api/v1/namespaces/none/configmaps", "{'metadata':{'name':'a'}}")
                  .message())
          .isEqualTo("namespaces \"none\" not found");
    }
  }
}
