"""Writes a model as the SavedModel that a server loads."""

import keras


def export_saved_model(model, folder):
    """Writes `saved_model.pb` and `variables/` into `folder`.

    The signature `serving_default` takes `characters`, int32 ids (batch, time), and
    gives `logits`, float32 (batch, time, characters).
    """

    def serve(characters):
        return {"logits": model(characters, training=False)}

    archive = keras.export.ExportArchive()
    archive.track(model)
    archive.add_endpoint(
        "serving_default",
        serve,
        input_signature=[keras.InputSpec(shape=(None, None), dtype="int32", name="characters")],
    )
    archive.write_out(folder, verbose=False)
