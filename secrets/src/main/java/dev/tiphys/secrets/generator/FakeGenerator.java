package dev.tiphys.secrets.generator;

import dev.tiphys.object.Struct;
import dev.tiphys.secrets.data.Values;
import java.util.Map;

/// The values that stand in the object itself.
public final class FakeGenerator implements Generator {

  @Override
  public String kind() {
    return "Fake";
  }

  @Override
  public String field() {
    return "fakeSpec";
  }

  @Override
  public Map<String, byte[]> generate(Struct spec, Context context) {
    return Values.ofFields(spec.struct("data"));
  }
}
