package dev.tiphys.secrets.provider.fake;

import dev.tiphys.object.Struct;
import dev.tiphys.secrets.provider.Provider;
import dev.tiphys.secrets.provider.ProviderContract;
import dev.tiphys.secrets.provider.Trait;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// Stores whose secrets stand in their own settings.
class FakeProviderTest extends ProviderContract {

  private final FakeProvider provider = new FakeProvider();
  private final List<Object> data = new ArrayList<>();

  @Override
  protected Set<Trait> traits() {
    return EnumSet.of(Trait.WRITES, Trait.VERSIONS, Trait.PATHS, Trait.FINDS);
  }

  @Override
  protected Provider provider() {
    return provider;
  }

  @Override
  protected Struct settings() {
    return Struct.of("data", List.copyOf(data));
  }

  @Override
  protected String have(String key, String json) {
    String version = "v" + (data.size() + 1);
    data.add(Struct.of("key", key, "value", json, "version", version));
    return version;
  }
}
