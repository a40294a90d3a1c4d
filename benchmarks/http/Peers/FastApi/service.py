"""A scikit-learn pipeline behind FastAPI, as its users write it: a data frame of one row a request."""
import os
import warnings

import pandas as pd
from fastapi import FastAPI
from pydantic import BaseModel
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OrdinalEncoder

warnings.filterwarnings("ignore")
CATEGORIES = ["currency", "entry_mode"]
NUMBERS = ["amount", "pay_lat", "pay_lon", "declined_last_day"]


class Payment(BaseModel):
    paid_at: str | None = None
    card_id: str | None = None
    merchant_id: str | None = None
    amount: float
    currency: str | None = None
    entry_mode: str | None = None
    device_known: bool | None = None
    pay_lat: float | None = None
    pay_lon: float | None = None
    previous_paid_at: str | None = None
    declined_last_day: float | None = None


class Request(BaseModel):
    features: Payment


def train():
    table = pd.read_csv(os.environ["PAYMENTS"], usecols=CATEGORIES + NUMBERS + ["is_fraud"])
    encode = make_column_transformer(
        (OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), CATEGORIES), remainder="passthrough")
    model = make_pipeline(encode, HistGradientBoostingClassifier(max_iter=100, max_leaf_nodes=31, early_stopping=False, random_state=1))
    return model.fit(table[CATEGORIES + NUMBERS], table["is_fraud"])


model = train()
app = FastAPI()


@app.get("/livez")
def livez():
    return "ok"


@app.post("/public/api/v1/fraud/score/predict")
async def predict(request: Request):
    row = pd.DataFrame([request.features.dict()])[CATEGORIES + NUMBERS]
    row[NUMBERS] = row[NUMBERS].astype(float)
    probability = float(model.predict_proba(row)[0, 1])
    return {"result": {"prediction": "1" if probability > 0.5 else "0", "probas": {"0": 1 - probability, "1": probability}}}
