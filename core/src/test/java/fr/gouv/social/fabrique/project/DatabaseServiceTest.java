package fr.gouv.social.fabrique.project;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.source.SourceTree;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DatabaseServiceTest {
  private static List<String> databases(String path, String text) {
    return ProjectReader.read(SourceTree.of(Map.of(path, text)))
        .subjects(DatabaseService.class)
        .stream()
        .map(each -> each.engine() + " " + each.label())
        .toList();
  }

  @Test
  void servicesThatRunOne() {
    String compose =
        """
        services:
          db: { image: "docker.io/bitnami/postgresql:17" }
          tuned: { image: "postgres:18", command: [-c, max_connections=50] }
          cache: { image: "redis:8", command: redis-server --appendonly yes }
          dump: { image: "postgres:18", command: [pg_dump, postgres] }
          exporter: { image: quay.io/prometheuscommunity/postgres-exporter }
          unknown: { image: "${IMAGE}" }
        """;
    assertThat(databases("compose.yaml", compose))
        .containsExactly(
            "PostgreSQL services.db", "PostgreSQL services.tuned", "Redis services.cache");
  }

  @Test
  void containersAndClusters() {
    String manifest =
        """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: { name: db }
        spec: { template: { spec: {
          initContainers: [{ name: wait, image: "postgres:18" }],
          containers: [{ name: db, image: "mysql:8.4" }] } } }
        ---
        apiVersion: postgresql.cnpg.io/v1
        kind: Cluster
        metadata: { name: pg }
        spec: { instances: 1 }
        """;
    assertThat(databases("k8s/db.yaml", manifest))
        .containsExactly("MySQL StatefulSet/db › containers[db]", "PostgreSQL Cluster/pg");
  }
}
