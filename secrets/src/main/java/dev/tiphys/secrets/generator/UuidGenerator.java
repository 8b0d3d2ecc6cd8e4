package dev.tiphys.secrets.generator;

import dev.tiphys.object.Struct;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;

/// UUIDs of version 4, drawn from the world's chance.
public final class UuidGenerator implements Generator {

  @Override
  public String kind() {
    return "UUID";
  }

  @Override
  public String field() {
    return "uuidSpec";
  }

  @Override
  public Map<String, byte[]> generate(Struct spec, Context context) {
    long high = context.world().random().nextLong() & ~0xf000L | 0x4000L;
    long low = context.world().random().nextLong() & ~(3L << 62) | 1L << 63;
    return Map.of("uuid", new UUID(high, low).toString().getBytes(StandardCharsets.UTF_8));
  }
}
