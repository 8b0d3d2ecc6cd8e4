/// What the objects of custom kinds look like, by the OpenAPI v3 schema of their definition.
package dev.tiphys.schema.structural;
