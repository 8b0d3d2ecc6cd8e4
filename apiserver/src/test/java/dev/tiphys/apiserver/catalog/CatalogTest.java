package dev.tiphys.apiserver.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.aggregation.RemoteGroups;
import dev.tiphys.apiserver.conversion.Conversions;
import dev.tiphys.apiserver.discovery.Discovery;
import dev.tiphys.apiserver.flow.FlowLog;
import dev.tiphys.apiserver.flow.FlowRecorder;
import dev.tiphys.apiserver.openapi.OpenApi;
import dev.tiphys.apiserver.registry.Registry;
import dev.tiphys.apiserver.registry.Strategy;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.apiserver.storage.BuiltInCodec;
import dev.tiphys.apiserver.storage.Codec;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.ResourceTable;
import dev.tiphys.schema.Type;
import dev.tiphys.store.Store;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CatalogTest {

  private static final World WORLD = new RealWorld();
  private static final GroupVersion CORE = new GroupVersion("", "v1");
  private static final GroupVersion OWN = new GroupVersion("example.com", "v1");
  private static final List<Resource> BUILT_IN = ResourceTable.builtIn();

  private final Store store = EmbeddedStore.inMemory(WORLD);
  private final Catalog catalog =
      new Catalog(
          BUILT_IN,
          List.of(),
          store,
          WORLD,
          Admission.NONE,
          new FlowRecorder(WORLD, new FlowLog(10)),
          _ -> Strategy.PLAIN,
          CatalogTest::codec,
          dev.tiphys.apiserver.encryption.Encryption.NONE,
          new Conversions());

  private static Codec codec(Resource resource) {
    Type type = (Type) resource.schema();
    return new BuiltInCodec(
        resource, type, Objects.requireNonNull(resource.storage()).groupVersion());
  }

  @AfterEach
  void close() {
    store.close();
  }

  /// A resource of its own group, whose objects look like ConfigMaps.
  private static Resource things() {
    Resource model =
        BUILT_IN.stream()
            .filter(each -> each.plural().equals("configmaps"))
            .findFirst()
            .orElseThrow();
    return new Resource(
        OWN,
        "things",
        "thing",
        "Thing",
        model.schema(),
        true,
        List.of("th"),
        List.of(),
        model.verbs(),
        new Resource.Storage("example.com/things", OWN),
        List.of(),
        model.generation(),
        null,
        Set.of(),
        List.of(),
        null,
        List.of(),
        "");
  }

  private static List<Resource> withThings() {
    List<Resource> more = new ArrayList<>(BUILT_IN);
    more.add(things());
    return more;
  }

  @Test
  void aResourceThatIsAddedIsServedDiscoveredAndDescribed() {
    Discovery discovery = new Discovery(catalog, new RemoteGroups());
    OpenApi openApi = new OpenApi(catalog);
    assertThat(discovery.findGroup("example.com")).isNull();
    assertThat(openApi.find("apis/example.com/v1")).isNull();

    catalog.replace(withThings());

    assertThat(catalog.find(OWN, "things")).isNotNull();
    assertThat(catalog.groupVersions()).contains(OWN);
    assertThat(String.valueOf(discovery.findGroup("example.com"))).contains("example.com/v1");
    assertThat(String.valueOf(discovery.findResources(OWN))).contains("\"th\"");
    OpenApi.Document document = openApi.find("apis/example.com/v1");
    assertThat(document).isNotNull();
    assertThat(new String(document.content(), UTF_8)).contains("/apis/example.com/v1/");
  }

  @Test
  void aResourceThatIsTakenAwayIsServedNoLonger() {
    Discovery discovery = new Discovery(catalog, new RemoteGroups());
    catalog.replace(withThings());
    assertThat(discovery.findGroup("example.com")).isNotNull();

    catalog.replace(BUILT_IN);

    assertThat(catalog.find(OWN, "things")).isNull();
    assertThat(discovery.findGroup("example.com")).isNull();
  }

  @Test
  void whatStaysKeepsItsRegistryAndObjects() {
    Registry before = catalog.registry("", "configmaps");
    Call call = new Call(UserInfo.of("ann"), "test", 0, false);
    before.create(call, "default", Struct.of("metadata", Struct.of("name", "a")));

    catalog.replace(withThings());

    assertThat(catalog.registry("", "configmaps")).isSameAs(before);
    assertThat(catalog.registry("", "configmaps").find("default", "a")).isNotNull();
  }

  @Test
  void aSnapshotStaysAsItIs() {
    CatalogSnapshot before = catalog.snapshot();

    catalog.replace(withThings());

    assertThat(before.find(OWN, "things")).isNull();
    assertThat(before.find(CORE, "pods")).isNotNull();
    assertThat(catalog.snapshot().generation()).isGreaterThan(before.generation());
  }

  @Test
  void whatFollowsIsMadeOnceForEachSnapshot() {
    Derived<Object> derived = new Derived<>(catalog, _ -> new Object());
    Object first = derived.now();
    assertThat(derived.now()).isSameAs(first);

    catalog.replace(withThings());

    assertThat(derived.now()).isNotSameAs(first);
  }
}
