package dev.qmp.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Words taken apart, each by its own form; what the values mean is not known here. */
final class ArgumentWords {

    private static final String FORMS = "write KEY=VALUE, KEY:=JSON, KEY=@FILE, @FILE or a JSON object";
    private static final Pattern KEY = Pattern.compile("[^.\\s]+(\\.[^.\\s]+)*");

    private final ArgumentParser.FileReader files;

    ArgumentWords(ArgumentParser.FileReader files) {
        this.files = files;
    }

    List<Given> read(List<String> words) {
        List<Given> given = new ArrayList<>();
        for (String word : words) {
            if (word.startsWith("{")) {
                members(given, ArgumentJson.parse("the arguments", word));
            } else if (word.startsWith("@")) {
                members(given, file(word.substring(1)));
            } else {
                given.add(keyed(word));
            }
        }
        return given;
    }

    private Given keyed(String word) {
        int equals = word.indexOf('=');
        boolean json = equals > 0 && word.charAt(equals - 1) == ':';
        String key = word.substring(0, Math.max(0, json ? equals - 1 : equals));
        if (!KEY.matcher(key).matches()) {
            throw new ArgumentException("'" + word + "' is no argument", FORMS);
        }
        String value = word.substring(equals + 1);
        if (json) {
            return Given.json(key, ArgumentJson.parse("'" + key + "'", value));
        }
        if (value.startsWith("@@")) {
            return Given.text(key, value.substring(1));
        }
        return value.startsWith("@") ? Given.json(key, file(value.substring(1))) : Given.text(key, value);
    }

    private static void members(List<Given> given, JsonNode arguments) {
        if (!arguments.isObject()) {
            throw new ArgumentException("the arguments are no JSON object", FORMS);
        }
        arguments.properties().forEach(member -> given.add(Given.member(member.getKey(), member.getValue())));
    }

    private JsonNode file(String name) {
        if (name.isEmpty()) {
            throw new ArgumentException(
                    "there is no file name after the @", "write @@ for a string that begins with @");
        }
        try {
            return ArgumentJson.parse("the file '" + name + "'", files.read(name));
        } catch (IOException e) {
            throw new ArgumentException(
                    "the file '" + name + "' cannot be read: " + reason(e),
                    "write @@ for a string that begins with @",
                    e);
        }
    }

    /** The JDK's own messages for these are the bare path. */
    private static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "no such file";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        return e instanceof CharacterCodingException ? "not UTF-8" : String.valueOf(e.getMessage());
    }
}
