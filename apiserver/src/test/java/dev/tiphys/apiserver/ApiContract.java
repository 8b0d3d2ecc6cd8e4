package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.ObjectList;
import dev.tiphys.client.PatchType;
import dev.tiphys.client.WatchEvent;
import dev.tiphys.client.WatchOptions;
import dev.tiphys.client.WatchStream;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.encoding.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What every way to the API must do.
abstract class ApiContract {

  private static final String TIME = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z";

  private Api api = null;

  /// The API of a new server that has its default namespaces.
  abstract Api open() throws Exception;

  /// Waits until what was written has been told to those who watch.
  abstract void settle();

  @BeforeEach
  void openApi() throws Exception {
    api = open();
  }

  @Nested
  class Creating {
    @Test
    void fillsInWhatTheServerKnows() {
      Struct created = api.create(ApiResource.PODS, pod("web"));

      Meta meta = Meta.of(created);
      assertThat(meta.uid())
          .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
      assertThat(created.string("metadata", "creationTimestamp")).matches(TIME);
      assertThat(meta.generation()).isEqualTo(1);
      assertThat(meta.revision()).isPositive();
      assertThat(created.string("status", "phase")).isEqualTo("Pending");
      assertThat(created.string("status", "qosClass")).isEqualTo("BestEffort");
      assertThat(created.string("spec", "restartPolicy")).isEqualTo("Always");
      assertThat(api.get(ApiResource.PODS, "default", "web")).isEqualTo(created);
    }

    @Test
    void refusesANameThatIsTaken() {
      api.create(ApiResource.PODS, pod("web"));

      assertThatThrownBy(() -> api.create(ApiResource.PODS, pod("web")))
          .isInstanceOfSatisfying(
              ApiException.class,
              e -> {
                assertThat(e.reason()).isEqualTo(Reason.ALREADY_EXISTS);
                assertThat(e.message()).isEqualTo("pods \"web\" already exists");
                assertThat(e.status().string("details", "kind")).isEqualTo("pods");
              });
    }

    @Test
    void givesANameThatNobodyHas() {
      Struct template = json("{'metadata':{'generateName':'web-','namespace':'default'}}");
      List<String> names = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        names.add(Meta.of(api.create(ApiResource.CONFIG_MAPS, template)).name());
      }

      assertThat(names).doesNotHaveDuplicates().allMatch(n -> n.matches("web-[b-z2-9]{5}"));
    }
  }

  @Nested
  class Updating {
    private Struct created = Struct.EMPTY;

    @BeforeEach
    void create() {
      created = api.create(ApiResource.PODS, pod("web"));
    }

    @Test
    void ofAStateThatWasReplacedIsAConflict() {
      api.update(ApiResource.PODS, created.withAt("x", "metadata", "labels", "a"));

      assertThatThrownBy(
              () -> api.update(ApiResource.PODS, created.withAt("y", "metadata", "labels", "a")))
          .hasMessage(
              "Operation cannot be fulfilled on pods \"web\": the object has been modified; please"
                  + " apply your changes to the latest version and try again");
    }

    @Test
    void byApplyingMakesWhatIsMissingAndTakesWhatOthersOwn() {
      Struct wanted =
          Json.struct(
              "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"applied\"},"
                  + "\"data\":{\"a\":\"1\"}}");
      applied(PatchType.APPLY, wanted);
      applied(PatchType.MERGE, Struct.of("data", Struct.of("a", "2", "b", "3")));

      Struct again = applied(PatchType.APPLY, wanted);

      assertThat(again.struct("data")).isEqualTo(Struct.of("a", "1", "b", "3"));
      assertThat(again.structs("metadata", "managedFields"))
          .extracting(entry -> entry.string("operation"))
          .containsExactly("Apply", "Update");
    }

    private Struct applied(PatchType type, Struct patch) {
      return api.patch(ApiResource.CONFIG_MAPS, "default", "applied", "", type, patch);
    }

    @Test
    void isNotedAsAnotherManagersIfItIsMadeSo() {
      Struct wanted = configMap("managed").with("data", Struct.of("some", "1"));
      Struct made = api.managing("one").create(ApiResource.CONFIG_MAPS, wanted);
      Struct now =
          api.managing("two")
              .patch(
                  ApiResource.CONFIG_MAPS,
                  "default",
                  "managed",
                  "",
                  PatchType.MERGE,
                  Struct.of("data", Struct.of("more", "1")));

      assertThat(made.structs("metadata", "managedFields"))
          .extracting(fields -> fields.string("manager"))
          .containsExactly("one");
      assertThat(now.structs("metadata", "managedFields"))
          .extracting(fields -> fields.string("manager"))
          .containsExactly("one", "two");
    }

    @Test
    void withNothingNewChangesNothing() {
      Struct same = api.update(ApiResource.PODS, created);

      assertThat(Meta.of(same).resourceVersion()).isEqualTo(Meta.of(created).resourceVersion());
    }

    @Test
    void leavesTheStatusAlone() {
      Struct updated = api.update(ApiResource.PODS, created.withAt("Running", "status", "phase"));

      assertThat(updated.string("status", "phase")).isEqualTo("Pending");
    }

    @Test
    void ofTheStatusLeavesTheRestAlone() {
      Struct changed =
          created.withAt("Running", "status", "phase").withAt("other", "spec", "schedulerName");

      Struct updated = api.update(ApiResource.PODS, changed, "status");

      assertThat(updated.string("status", "phase")).isEqualTo("Running");
      assertThat(updated.string("spec", "schedulerName")).isEqualTo("default-scheduler");
      assertThat(Meta.of(updated).generation()).isEqualTo(1);
    }

    @Test
    void ofTheSpecCountsTheGenerationUp() {
      Struct deployment = api.create(ApiResource.DEPLOYMENTS, deployment("web"));

      Struct scaled =
          api.update(ApiResource.DEPLOYMENTS, deployment.withAt(5L, "spec", "replicas"));
      Struct labelled =
          api.update(ApiResource.DEPLOYMENTS, scaled.withAt("x", "metadata", "labels", "a"));

      assertThat(Meta.of(scaled).generation()).isEqualTo(2);
      assertThat(Meta.of(labelled).generation()).isEqualTo(2);
    }

    @Test
    void ofWhatDoesNotExistIsRefused() {
      assertThatThrownBy(
              () ->
                  api.update(
                      ApiResource.CONFIG_MAPS,
                      json("{'metadata':{'name':'none','namespace':'default'}}")))
          .hasMessage("configmaps \"none\" not found");
    }

    @Test
    void byAPatchNeedsNoVersionEvenWhereAReplacementDoes() {
      Struct lease =
          json("{'metadata':{'name':'l','namespace':'default'},'spec':{'holderIdentity':'me'}}");
      Struct created = api.create(ApiResource.LEASES, lease);
      Struct patch = json("{'spec':{'holderIdentity':'you'}}");

      Struct patched = api.patch(ApiResource.LEASES, "default", "l", "", PatchType.MERGE, patch);

      assertThat(patched.string("spec", "holderIdentity")).isEqualTo("you");
      assertThatThrownBy(
              () ->
                  api.update(ApiResource.LEASES, created.withoutAt("metadata", "resourceVersion")))
          .hasMessageContaining("metadata.resourceVersion: Invalid value: 0: must be specified");
    }

    @Test
    void byAPatchMergesWhatItNames() {
      Struct patched =
          api.patch(
              ApiResource.PODS,
              "default",
              "web",
              "",
              PatchType.STRATEGIC,
              json(
                  "{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{'name':'main','image':'n:2'}]}}"));

      assertThat(Meta.of(patched).label("a")).isEqualTo("b");
      assertThat(patched.structs("spec", "containers")).hasSize(1);
      assertThat(patched.structs("spec", "containers").getFirst().string("image")).isEqualTo("n:2");
    }
  }

  @Nested
  class Deleting {
    @Test
    void removesAnObjectThatNothingHolds() {
      api.create(ApiResource.CONFIG_MAPS, configMap("a"));

      api.delete(ApiResource.CONFIG_MAPS, "default", "a", DeleteOptions.DEFAULT);

      assertThat(api.find(ApiResource.CONFIG_MAPS, "default", "a")).isNull();
    }

    @Test
    void waitsForFinalizers() {
      Struct held = configMap("a").withAt(List.of("example.com/hold"), "metadata", "finalizers");
      api.create(ApiResource.CONFIG_MAPS, held);

      Struct marked = api.delete(ApiResource.CONFIG_MAPS, "default", "a", DeleteOptions.DEFAULT);
      assertThat(marked.string("metadata", "deletionTimestamp")).matches(TIME);
      assertThat(marked.get("metadata", "deletionGracePeriodSeconds")).isEqualTo(0L);

      api.update(ApiResource.CONFIG_MAPS, marked.withoutAt("metadata", "finalizers"));
      assertThat(api.find(ApiResource.CONFIG_MAPS, "default", "a")).isNull();
    }

    @Test
    void givesARunningPodItsTime() {
      api.create(ApiResource.PODS, pod("web"));
      bind("web", "node-1");

      Struct marked = api.delete(ApiResource.PODS, "default", "web", DeleteOptions.DEFAULT);
      assertThat(marked.get("metadata", "deletionGracePeriodSeconds")).isEqualTo(30L);
      Instant begun =
          Timestamps.parse(marked.string("metadata", "deletionTimestamp")).minusSeconds(30);

      Struct shortened =
          api.delete(ApiResource.PODS, "default", "web", DeleteOptions.withGrace(10));
      assertThat(Timestamps.parse(shortened.string("metadata", "deletionTimestamp")))
          .isEqualTo(begun.plusSeconds(10));

      Struct notLengthened =
          api.delete(ApiResource.PODS, "default", "web", DeleteOptions.withGrace(60));
      assertThat(notLengthened.get("metadata", "deletionGracePeriodSeconds")).isEqualTo(10L);

      api.delete(ApiResource.PODS, "default", "web", DeleteOptions.withGrace(0));
      assertThat(api.find(ApiResource.PODS, "default", "web")).isNull();
    }

    @Test
    void removesAPodAtOnceThatRunsNowhere() {
      api.create(ApiResource.PODS, pod("web"));

      api.delete(ApiResource.PODS, "default", "web", DeleteOptions.DEFAULT);

      assertThat(api.find(ApiResource.PODS, "default", "web")).isNull();
    }

    @Test
    void inTheForegroundWaitsForDependents() {
      api.create(ApiResource.DEPLOYMENTS, deployment("web"));

      Struct marked =
          api.delete(
              ApiResource.DEPLOYMENTS,
              "default",
              "web",
              DeleteOptions.withPropagation("Foreground"));

      assertThat(Meta.of(marked).finalizers()).containsExactly("foregroundDeletion");
      assertThat(Meta.of(marked).isBeingDeleted()).isTrue();
      assertThat(Meta.of(marked).generation()).isEqualTo(2);
    }

    @Test
    void ofAnotherUidIsAConflict() {
      Struct created = api.create(ApiResource.CONFIG_MAPS, configMap("a"));

      assertThatThrownBy(
              () ->
                  api.delete(
                      ApiResource.CONFIG_MAPS,
                      "default",
                      "a",
                      DeleteOptions.DEFAULT.ofUid("other")))
          .hasMessage(
              "Operation cannot be fulfilled on ConfigMap \"a\": the UID in the precondition (other)"
                  + " does not match the UID in record ("
                  + Meta.of(created).uid()
                  + "). The object might have been deleted and then recreated");
    }

    @Test
    void aNamespaceWaitsForItsFinalizer() {
      api.create(ApiResource.NAMESPACES, json("{'metadata':{'name':'team'}}"));

      Struct marked = api.delete(ApiResource.NAMESPACES, "", "team", DeleteOptions.DEFAULT);
      assertThat(marked.string("status", "phase")).isEqualTo("Terminating");
      assertThat(marked.struct("spec").strings("finalizers")).containsExactly("kubernetes");

      api.update(ApiResource.NAMESPACES, marked.withoutAt("spec", "finalizers"), "finalize");
      assertThat(api.find(ApiResource.NAMESPACES, "", "team")).isNull();
    }
  }

  @Nested
  class Listing {
    @Test
    void showsPagesOfOneState() {
      for (int i = 0; i < 5; i++) {
        api.create(ApiResource.CONFIG_MAPS, configMap("c" + i));
      }

      ObjectList first = api.list(ApiResource.CONFIG_MAPS, "default", page(2, ""));
      api.create(ApiResource.CONFIG_MAPS, configMap("c9"));
      ObjectList second =
          api.list(ApiResource.CONFIG_MAPS, "default", page(2, first.continueToken()));
      ObjectList third =
          api.list(ApiResource.CONFIG_MAPS, "default", page(2, second.continueToken()));

      assertThat(names(first)).containsExactly("c0", "c1");
      assertThat(names(second)).containsExactly("c2", "c3");
      assertThat(names(third)).containsExactly("c4");
      assertThat(third.continueToken()).isEmpty();
      assertThat(third.resourceVersion()).isEqualTo(first.resourceVersion());
    }

    @Test
    void selectsByLabelsAndFields() {
      api.create(ApiResource.PODS, pod("a").withAt("web", "metadata", "labels", "app"));
      api.create(ApiResource.PODS, pod("b").withAt("db", "metadata", "labels", "app"));
      bind("b", "node-1");

      assertThat(names(api.list(ApiResource.PODS, "", ListOptions.withLabels("app=web"))))
          .containsExactly("a");
      assertThat(
              names(api.list(ApiResource.PODS, "", ListOptions.withFields("spec.nodeName=node-1"))))
          .containsExactly("b");
      assertThatThrownBy(() -> api.list(ApiResource.PODS, "", ListOptions.withFields("spec.foo=1")))
          .hasMessage("field label not supported: spec.foo");
    }

    private ListOptions page(long limit, String token) {
      return new ListOptions("", "", "", limit, token);
    }

    private List<String> names(ObjectList list) {
      return list.items().stream().map(o -> Meta.of(o).name()).toList();
    }
  }

  @Nested
  class Watching {
    @Test
    void tellsWhatHappensAfterAState() throws InterruptedException {
      Struct first = api.create(ApiResource.CONFIG_MAPS, configMap("a"));
      WatchStream stream =
          api.watch(
              ApiResource.CONFIG_MAPS, "", WatchOptions.from(Meta.of(first).resourceVersion()));

      Struct second = api.create(ApiResource.CONFIG_MAPS, configMap("b"));
      Struct changed = api.update(ApiResource.CONFIG_MAPS, second.withAt("1", "data", "k"));
      api.delete(ApiResource.CONFIG_MAPS, "default", "b", DeleteOptions.DEFAULT);

      assertThat(stream.next()).isEqualTo(new WatchEvent(WatchEvent.Type.ADDED, second));
      assertThat(stream.next()).isEqualTo(new WatchEvent(WatchEvent.Type.MODIFIED, changed));
      WatchEvent deleted = stream.next();
      assertThat(deleted.type()).isEqualTo(WatchEvent.Type.DELETED);
      assertThat(Meta.of(deleted.object()).revision()).isGreaterThan(Meta.of(changed).revision());
    }

    @Test
    void tellsWhatEntersAndLeavesTheSelection() throws InterruptedException {
      Struct created = api.create(ApiResource.CONFIG_MAPS, configMap("a"));
      WatchStream stream =
          api.watch(
              ApiResource.CONFIG_MAPS,
              "default",
              new WatchOptions("app=x", "", Meta.of(created).resourceVersion(), false));

      Struct in =
          api.update(ApiResource.CONFIG_MAPS, created.withAt("x", "metadata", "labels", "app"));
      Struct out = api.update(ApiResource.CONFIG_MAPS, in.withAt("y", "metadata", "labels", "app"));

      assertThat(stream.next()).isEqualTo(new WatchEvent(WatchEvent.Type.ADDED, in));
      WatchEvent left = stream.next();
      assertThat(left.type()).isEqualTo(WatchEvent.Type.DELETED);
      assertThat(Meta.of(left.object()).label("app")).isEqualTo("x");
      assertThat(Meta.of(left.object()).resourceVersion())
          .isEqualTo(Meta.of(out).resourceVersion());
    }

    @Test
    void beginsWithWhatExists() throws InterruptedException {
      Struct a = api.create(ApiResource.CONFIG_MAPS, configMap("a"));
      WatchStream stream = api.watch(ApiResource.CONFIG_MAPS, "default", WatchOptions.from("0"));
      Struct b = api.create(ApiResource.CONFIG_MAPS, configMap("b"));

      assertThat(stream.next()).isEqualTo(new WatchEvent(WatchEvent.Type.ADDED, a));
      assertThat(stream.next()).isEqualTo(new WatchEvent(WatchEvent.Type.ADDED, b));
    }

    @Test
    void catchesUpWithTheDistantPast() throws InterruptedException {
      Struct first = api.create(ApiResource.CONFIG_MAPS, configMap("first"));
      api.watch(ApiResource.CONFIG_MAPS, "", WatchOptions.from("0")).close();
      for (int i = 0; i < 1000; i++) {
        api.create(ApiResource.CONFIG_MAPS, configMap("c" + i));
      }
      settle();

      WatchStream stream =
          api.watch(
              ApiResource.CONFIG_MAPS, "", WatchOptions.from(Meta.of(first).resourceVersion()));
      api.create(ApiResource.CONFIG_MAPS, configMap("last"));

      for (int i = 0; i < 1000; i++) {
        assertThat(Meta.of(stream.next().object()).name()).isEqualTo("c" + i);
      }
      assertThat(Meta.of(stream.next().object()).name()).isEqualTo("last");
    }
  }

  @Test
  void aSubresourceIsRead() {
    api.create(ApiResource.DEPLOYMENTS, deployment("scaled").withAt(3L, "spec", "replicas"));

    Struct scale = api.get(ApiResource.DEPLOYMENTS, "default", "scaled", "scale");

    assertThat(scale.string("kind")).isEqualTo("Scale");
    assertThat(scale.integer("spec", "replicas")).isEqualTo(3);
    assertThatThrownBy(() -> api.get(ApiResource.CONFIG_MAPS, "default", "scaled", "scale"))
        .isInstanceOfSatisfying(
            ApiException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NOT_FOUND));
  }

  private void bind(String pod, String node) {
    api.createSubresource(
        ApiResource.PODS,
        "default",
        pod,
        "binding",
        json("{'metadata':{'name':'" + pod + "'},'target':{'kind':'Node','name':'" + node + "'}}"));
  }

  private static Struct pod(String name) {
    return json(
        "{'metadata':{'name':'"
            + name
            + "','namespace':'default'},'spec':{'containers':[{'name':'main','image':'n:1'}]}}");
  }

  private static Struct configMap(String name) {
    return json("{'metadata':{'name':'" + name + "','namespace':'default'}}");
  }

  private static Struct deployment(String name) {
    return json(
        "{'metadata':{'name':'"
            + name
            + "','namespace':'default'},'spec':{'selector':{'matchLabels':{'app':'x'}},"
            + "'template':{'metadata':{'labels':{'app':'x'}},"
            + "'spec':{'containers':[{'name':'main','image':'n:1'}]}}}}");
  }

  private static Struct json(String single) {
    return Json.struct(single.replace('\'', '"'));
  }
}
