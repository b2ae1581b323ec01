package fr.gouv.social.fabrique.docker;

import com.github.dockerjava.core.util.CertificateUtils;
import com.github.dockerjava.transport.SSLConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Security;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.jspecify.annotations.Nullable;

/**
 * TLS with the PEM files of a folder, each of which may be missing: without {@code ca.pem} the
 * authorities of the system decide, without {@code cert.pem} and {@code key.pem} the engine is not
 * told who asks.
 */
final class Certificates implements SSLConfig {
  private final Path folder;
  private final boolean verified;

  Certificates(Path folder, boolean verified) {
    this.folder = folder;
    this.verified = verified;
  }

  @Override
  public SSLContext getSSLContext() {
    try {
      // docker-java reads keys with it.
      Security.addProvider(new BouncyCastleProvider());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(), trust(), null);
      return context;
    } catch (GeneralSecurityException | IOException unreadable) {
      throw new IllegalArgumentException(unreadable);
    }
  }

  private KeyManager @Nullable [] keys() throws GeneralSecurityException, IOException {
    Path certificate = folder.resolve("cert.pem");
    Path key = folder.resolve("key.pem");
    if (!Files.isRegularFile(certificate) || !Files.isRegularFile(key)) {
      return null;
    }
    KeyStore store =
        CertificateUtils.createKeyStore(Files.readString(key), Files.readString(certificate));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, "docker".toCharArray());
    return factory.getKeyManagers();
  }

  private TrustManager @Nullable [] trust() throws GeneralSecurityException, IOException {
    if (!verified) {
      return new TrustManager[] {new Anybody()};
    }
    Path authority = folder.resolve("ca.pem");
    if (!Files.isRegularFile(authority)) {
      return null;
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(CertificateUtils.createTrustStore(Files.readString(authority)));
    return factory.getTrustManagers();
  }

  /** For contexts that say {@code SkipTLSVerify}. */
  private static final class Anybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
