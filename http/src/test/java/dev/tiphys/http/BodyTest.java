package dev.tiphys.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class BodyTest {

  private static byte[] bytes(Body body) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    body.drainTo(out);
    return out.toByteArray();
  }

  @Test
  void aBodyIsPutTogetherFromManyParts() throws Exception {
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    Body.Builder builder = new Body.Builder();
    for (int i = 0; i < 5_000; i++) {
      byte[] part = new byte[i % 300];
      java.util.Arrays.fill(part, (byte) i);
      builder.add(part).add(i);
      expected.writeBytes(part);
      expected.write(i);
    }

    assertThat(builder.length()).isEqualTo(expected.size());
    Body body = builder.build();
    assertThat(body.length()).isEqualTo(expected.size());
    assertThat(bytes(body)).isEqualTo(expected.toByteArray());
  }

  @Test
  void aPartMayBeLongerThanAChunk() throws Exception {
    byte[] part = new byte[1_000_000];
    part[999_999] = 7;

    assertThat(bytes(new Body.Builder().add(1).add(part).build()))
        .hasSize(1_000_001)
        .endsWith(0, 7);
  }

  @Test
  void somePartOfAnArrayIsEnough() throws Exception {
    assertThat(bytes(new Body.Builder().add(new byte[] {1, 2, 3, 4}, 1, 2).build()))
        .containsExactly(2, 3);
    assertThat(bytes(Body.EMPTY)).isEmpty();
  }
}
