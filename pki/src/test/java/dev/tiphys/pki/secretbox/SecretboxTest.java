package dev.tiphys.pki.secretbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SecretboxTest {

  private static final HexFormat HEX = HexFormat.of();

  // the example of NaCl's own tests
  private static final byte[] KEY =
      HEX.parseHex("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389");
  private static final byte[] NONCE =
      HEX.parseHex("69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37");
  private static final byte[] TEXT =
      HEX.parseHex(
          "be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffce5ecbaaf33bd751a"
              + "1ac728d45e6c61296cdc3c01233561f41db66cce314adb310e3be8250c46f06dceea3a7fa1348057"
              + "e2f6556ad6b1318a024a838f21af1fde048977eb48f59ffd4924ca1c60902e52f0a089bc76897040"
              + "e082f937763848645e0705");
  private static final byte[] SEALED =
      HEX.parseHex(
          "f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce48332ea7164d96a4"
              + "476fb8c531a1186ac0dfc17c98dce87b4da7f011ec48c97271d2c20f9b928fe2270d6fb863d51738"
              + "b48eeee314a7cc8ab932164548e526ae90224368517acfeabd6bb3732bc0e9da99832b61ca01b6de"
              + "56244a9e88d5f9b37973f622a43d14a6599b1f654cb45a74e355a5");

  private final Secretbox box = new Secretbox(KEY);

  @Test
  void sealsAsNaClDoes() {
    assertThat(box.seal(NONCE, TEXT)).isEqualTo(SEALED);
  }

  @Test
  void opensWhatNaClSealed() {
    assertThat(box.open(NONCE, SEALED)).isEqualTo(TEXT);
  }

  @Test
  void opensNothingThatWasChanged() {
    for (int i = 0; i < SEALED.length; i++) {
      byte[] changed = SEALED.clone();
      changed[i] ^= 1;
      assertThat(box.open(NONCE, changed)).as("byte %d", i).isNull();
    }
  }

  @Test
  void opensNothingThatIsTooShort() {
    assertThat(box.open(NONCE, new byte[15])).isNull();
  }
}
