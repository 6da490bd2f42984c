package dev.qmp.generator;

import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import dev.qmp.generator.Model.MemberDef;
import dev.qmp.generator.TypeRef.ListOf;
import dev.qmp.generator.TypeRef.Named;
import dev.qmp.generator.TypeRef.Scalar;

/** QAPI's types as Java's: how a value is declared, read from JSON and written to it. */
final class Java {

    static final String PACKAGE = "dev.qmp.qapi";

    static final ClassName JSON_NODE = ClassName.get("com.fasterxml.jackson.databind", "JsonNode");
    static final ClassName OBJECT_NODE = ClassName.get("com.fasterxml.jackson.databind.node", "ObjectNode");
    static final ClassName NULLABLE = ClassName.get("org.jspecify.annotations", "Nullable");
    static final ClassName STRING = ClassName.get(String.class);

    private Java() {}

    /** A class of the package that the written code is in. */
    static ClassName own(String name) {
        return ClassName.get(PACKAGE, name);
    }

    static ClassName named(String qapi) {
        return own(JavaNames.type(qapi));
    }

    /** The type where null cannot be: a mandatory component. */
    static TypeName type(TypeRef ref) {
        if (ref instanceof ListOf list) {
            return ParameterizedTypeName.get(
                    ClassName.get("java.util", "List"), type(list.element()).box());
        }
        if (ref instanceof Named named) {
            return named(named.name());
        }
        return switch ((Scalar) ref) {
            case STRING -> STRING;
            case INT64 -> TypeName.LONG;
            case UINT64 -> own("Uint64");
            case NUMBER -> TypeName.DOUBLE;
            case BOOLEAN -> TypeName.BOOLEAN;
            case ANY -> own("JsonValue");
            case EMPTY -> own("Empty");
            case NULL -> throw new IllegalStateException("null stands in alternates only");
        };
    }

    static TypeName type(MemberDef member) {
        return member.mandatory() ? type(member.type()) : nullable(type(member.type()));
    }

    static TypeName nullable(TypeName type) {
        return type.box().annotated(AnnotationSpec.builder(NULLABLE).build());
    }

    /** A member out of {@code in}, the object's {@code Members}. */
    static CodeBlock read(MemberDef member) {
        String name = member.name();
        if (member.type() instanceof ListOf list) {
            return CodeBlock.of(
                    "in.$L($S, $L)", member.mandatory() ? "list" : "optionalList", name, reader(list.element()));
        }
        if (member.type() instanceof Scalar scalar && scalar != Scalar.ANY && scalar != Scalar.EMPTY) {
            String method = method(scalar);
            return CodeBlock.of(
                    "in.$L($S)", member.mandatory() ? method : "optional" + JavaNames.capital(method), name);
        }
        return member.mandatory()
                ? fromJson(member.type(), CodeBlock.of("in.get($S)", name))
                : CodeBlock.of("in.optional($S, $L)", name, reader(member.type()));
    }

    /** A whole value out of an expression that is JSON. */
    static CodeBlock fromJson(TypeRef ref, CodeBlock json) {
        if (ref instanceof ListOf list) {
            return CodeBlock.of("$T.list($S, $L, $L)", own("Scalars"), "the value", json, reader(list.element()));
        }
        if (ref instanceof Named named) {
            return CodeBlock.of("$T.fromJson($L)", named(named.name()), json);
        }
        return switch ((Scalar) ref) {
            case ANY -> CodeBlock.of("$T.of($L)", own("JsonValue"), json);
            case EMPTY -> CodeBlock.of("$T.fromJson($L)", own("Empty"), json);
            default -> CodeBlock.of("$T.$L($S, $L)", own("Scalars"), method((Scalar) ref), "the value", json);
        };
    }

    /** A function from JSON to the value. */
    private static CodeBlock reader(TypeRef ref) {
        if (ref instanceof ListOf list) {
            return CodeBlock.of("json -> $L", fromJson(list, CodeBlock.of("json")));
        }
        if (ref instanceof Named named) {
            return CodeBlock.of("$T::fromJson", named(named.name()));
        }
        return switch ((Scalar) ref) {
            case ANY -> CodeBlock.of("$T::of", own("JsonValue"));
            case EMPTY -> CodeBlock.of("$T::fromJson", own("Empty"));
            default -> CodeBlock.of("$T::$L", own("Scalars"), method((Scalar) ref));
        };
    }

    /** The statement that puts a value, which is not null, into {@code json}. */
    static CodeBlock put(String member, TypeRef ref, CodeBlock value) {
        return switch (ref instanceof Scalar scalar ? scalar : Scalar.ANY) {
            case STRING, INT64, NUMBER, BOOLEAN -> CodeBlock.of("json.put($S, $L)", member, value);
            default -> CodeBlock.of("json.set($S, $L)", member, toJson(ref, value));
        };
    }

    static CodeBlock toJson(TypeRef ref, CodeBlock value) {
        if (ref instanceof ListOf list) {
            return CodeBlock.of("$T.ofList($L, $L)", own("Scalars"), value, writer(list.element()));
        }
        if (ref instanceof Named || ref == Scalar.ANY || ref == Scalar.EMPTY) {
            return CodeBlock.of("$L.toJson()", value);
        }
        return CodeBlock.of("$T.$L($L)", own("Scalars"), writerMethod((Scalar) ref), value);
    }

    private static CodeBlock writer(TypeRef ref) {
        if (ref instanceof ListOf list) {
            return CodeBlock.of("value -> $L", toJson(list, CodeBlock.of("value")));
        }
        if (ref instanceof Named || ref == Scalar.ANY || ref == Scalar.EMPTY) {
            return CodeBlock.of("$T::toJson", type(ref));
        }
        return CodeBlock.of("$T::$L", own("Scalars"), writerMethod((Scalar) ref));
    }

    private static String method(Scalar scalar) {
        return switch (scalar) {
            case STRING -> "string";
            case INT64 -> "int64";
            case UINT64 -> "uint64";
            case NUMBER -> "number";
            case BOOLEAN -> "bool";
            case ANY, EMPTY, NULL -> throw new IllegalStateException(scalar + " is read in another way");
        };
    }

    private static String writerMethod(Scalar scalar) {
        String method = method(scalar);
        return "of" + JavaNames.capital(method);
    }
}
